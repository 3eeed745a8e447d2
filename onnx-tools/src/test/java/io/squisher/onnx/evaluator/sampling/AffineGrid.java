package io.squisher.onnx.evaluator.sampling;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/**
 * A grid for GridSample: theta [N, rank, rank + 1] applied to (coordinates in [-1, 1], innermost axis first, and 1) of
 * each element of an output of size [N, C, spatial…].
 */
final class AffineGrid {
    private AffineGrid() {}

    static Value evaluate(OperatorCall call) {
        Value theta = call.input(0);
        int[] size = call.input(1).ints();
        boolean aligned = call.flag("align_corners", false);
        int[] spatial = Arrays.copyOfRange(size, 2, size.length);
        int rank = spatial.length;
        int points = Dims.size(spatial);
        double[] grid = new double[size[0] * points * rank];
        for (int i = 0; i < grid.length; i++) {
            int row = i / rank / points * rank + i % rank;
            int[] index = Dims.unravel(i / rank % points, spatial);
            grid[i] = theta.doubleAt(row * (rank + 1) + rank);
            for (int k = 0; k < rank; k++) {
                int axis = rank - 1 - k;
                grid[i] += theta.doubleAt(row * (rank + 1) + k) * coordinate(index[axis], spatial[axis], aligned);
            }
        }
        return Value.of(theta.type(), Dims.concat(Dims.concat(new int[] {size[0]}, spatial), rank), grid);
    }

    /** The centre of an element where the outer edges (or the outer centres, aligned) are at -1 and 1. */
    private static double coordinate(int index, int length, boolean aligned) {
        return aligned ? -1 + 2.0 * index / (length - 1) : (2.0 * index + 1) / length - 1;
    }
}
