package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;

/**
 * The gradient of a convolution's weights for each example: {@code dW_n[o,k,c] = Σ_p dY_n[o,p] · X_n[s·p+d·k−pad, c]}, a
 * product of the output's gradient with the patches of the input under the window.
 *
 * <p>The patches are gathered with one constant table of positions from the input with channels last and a row of zeros for the
 * padding, so that neither factor of the product has to be transposed.
 *
 * @param x {@code [N, C, spatial…]}
 * @param dy {@code [N, O, spatial…]}
 * @param w the weights {@code [O, C/group, kernel…]}
 */
public record PatchProduct(Value x, Value dy, Value w, Windows windows, long group) {
    /** The product for a Conv node. */
    public static PatchProduct of(RuleContext c) {
        return new PatchProduct(
                c.x(0), c.dy(), c.x(1), Windows.ofConvolution(c), c.attributes().integer("group", 1));
    }

    /**
     * The product for a ConvTranspose node: its output's gradient takes the place of the input, its input that of the
     * output's gradient, and the weights {@code [C, O/group, kernel…]} are those of the convolution from the one to the
     * other.
     */
    public static PatchProduct ofTransposed(RuleContext c) {
        return new PatchProduct(
                c.dy(),
                c.x(0),
                c.x(1),
                ConvTransposeRule.windows(c),
                c.attributes().integer("group", 1));
    }

    /** {@code [N, group, O/group, K·C/group]}, K the number of elements of the window. */
    public Value perExample(Ops ops) {
        return ops.matMul(outputGradient(ops), patches(ops));
    }

    /** The sum over the examples, in the layout of the weights: of one group as a single product over examples and positions. */
    public Value summed(Ops ops) {
        if (group > 1) {
            return toWeights(ops, ops.sumOverExamples(perExample(ops)));
        }
        Dim rows = new Dim(1, windows.positions(), true);
        long outputs = dy.shape().size(1);
        Value first = ops.reshape(dy, TensorShape.perExample(outputs, windows.positions()));
        Value left = ops.reshape(ops.transpose(first, 0, 2, 1), TensorShape.of(rows, Dim.of(outputs)));
        Value patches = patches(ops);
        Value right = ops.reshape(patches, TensorShape.of(rows, patches.shape().dim(3)));
        return toWeights(ops, ops.gemm(left, true, right, false));
    }

    /** {@code [N, group, O/group, P]}. */
    public Value outputGradient(Ops ops) {
        long channels = dy.shape().size(1) / group;
        return ops.reshape(dy, TensorShape.perExample(group, channels, windows.positions()));
    }

    /** {@code [N, group, P, K·C/group]}. */
    public Value patches(Ops ops) {
        long channels = x.shape().size(1);
        long area = x.shape().product(2, x.rank());
        Value rows = ops.transpose(ops.reshape(x, TensorShape.perExample(channels, area)), 0, 2, 1);
        long[] table = positions(area);
        if (Arrays.stream(table).anyMatch(row -> row == area)) {
            // One row of zeros for the padding: the whole of an example is copied at once, not line by line.
            rows = ops.pad(rows, new long[] {0, 0, 0}, new long[] {0, 1, 0});
        }
        long positions = windows.positions();
        long kernel = windows.kernelSize();
        Value gathered = ops.gather(rows, 1, table);
        if (group == 1) {
            return ops.reshape(gathered, TensorShape.perExample(1, positions, kernel * channels));
        }
        Value split = ops.reshape(gathered, TensorShape.perExample(positions, kernel, group, channels / group));
        return ops.reshape(
                ops.transpose(split, 0, 3, 1, 2, 4),
                TensorShape.perExample(group, positions, kernel * channels / group));
    }

    /** From {@code [group, O/group, K·C/group]} to the layout of the weights. */
    public Value toWeights(Ops ops, Value product) {
        long outputs = w.shape().size(0);
        long inputs = w.shape().size(1);
        Value split = ops.reshape(product, TensorShape.fixed(outputs, windows.kernelSize(), inputs));
        return ops.reshape(ops.transpose(split, 0, 2, 1), w.shape());
    }

    /** From the layout of the weights to {@code [O, K, C/group]}, which in its order is {@code [group, O/group, K·C/group]}. */
    public Value fromWeights(Ops ops, Value weights) {
        long outputs = w.shape().size(0);
        long inputs = w.shape().size(1);
        Value split = ops.reshape(weights, TensorShape.fixed(outputs, inputs, windows.kernelSize()));
        return ops.transpose(split, 0, 2, 1);
    }

    /** For each output position and element of the window, its row in the flattened input; {@code padding} outside of it. */
    private long[] positions(long padding) {
        long positions = windows.positions();
        long kernel = windows.kernelSize();
        long[] rows = new long[Math.toIntExact(Math.multiplyExact(positions, kernel))];
        for (long p = 0; p < positions; p++) {
            for (long k = 0; k < kernel; k++) {
                long row = windows.inputElement(p, k);
                rows[(int) (p * kernel + k)] = row < 0 ? padding : row;
            }
        }
        return rows;
    }
}
