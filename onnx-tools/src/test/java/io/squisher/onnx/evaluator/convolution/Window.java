package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import java.util.Arrays;

/**
 * A window over spatial axes, worked out to positions: {@code cells[o][k]} is the flat position in the unpadded input that
 * kernel element k meets at output position o, {@link #PADDING} in the padding, {@link #BEYOND} behind it (where
 * {@code ceil_mode} lets a window hang over).
 *
 * @param outputDims spatial dimensions of the result
 */
record Window(int[] outputDims, int[][] cells) {
    static final int PADDING = -1;
    static final int BEYOND = -2;

    /**
     * The geometry along the axes, one number an axis in each array.
     *
     * @param begin padding before the first element
     * @param end padding behind the last one
     */
    record Geometry(int[] kernel, int[] strides, int[] dilations, int[] begin, int[] end) {
        /** The attributes of a convolution or pooling over an input of the spatial dimensions {@code input}. */
        static Geometry of(OperatorCall call, int[] kernel, int[] input) {
            int rank = kernel.length;
            int[] ones = new int[rank];
            Arrays.fill(ones, 1);
            int[] strides = call.ints("strides", ones);
            int[] dilations = call.ints("dilations", ones);
            int[] pads = call.ints("pads", new int[2 * rank]);
            int[] begin = Arrays.copyOf(pads, rank);
            int[] end = Arrays.copyOfRange(pads, rank, 2 * rank);
            String auto = call.text("auto_pad", "NOTSET");
            for (int axis = 0; axis < rank && !auto.equals("NOTSET"); axis++) {
                int output = (input[axis] + strides[axis] - 1) / strides[axis];
                int reach = (kernel[axis] - 1) * dilations[axis] + 1;
                int total = auto.equals("VALID") ? 0 : Math.max(0, (output - 1) * strides[axis] + reach - input[axis]);
                begin[axis] = auto.equals("SAME_LOWER") ? total - total / 2 : total / 2;
                end[axis] = total - begin[axis];
            }
            return new Geometry(kernel, strides, dilations, begin, end);
        }

        /** Elements from the first to the last that the kernel touches. */
        int reach(int axis) {
            return (kernel[axis] - 1) * dilations[axis] + 1;
        }

        /** The window over an input of these spatial dimensions. */
        Window over(int[] input, boolean ceil) {
            int[] output = new int[input.length];
            for (int axis = 0; axis < output.length; axis++) {
                int room = input[axis] + begin[axis] + end[axis] - reach(axis);
                output[axis] = (ceil
                                ? Math.floorDiv(room + strides[axis] - 1, strides[axis])
                                : Math.floorDiv(room, strides[axis]))
                        + 1;
                if (ceil && (output[axis] - 1) * strides[axis] >= input[axis] + begin[axis]) {
                    // A window that would start in the padding behind the input is left out.
                    output[axis]--;
                }
            }
            return over(input, output);
        }

        /** The window over an input with as many positions as {@code output} says. */
        Window over(int[] input, int[] output) {
            int[] inputStrides = Dims.strides(input);
            int[][] cells = new int[Dims.size(output)][Dims.size(kernel)];
            for (int o = 0; o < cells.length; o++) {
                int[] at = Dims.unravel(o, output);
                for (int k = 0; k < cells[o].length; k++) {
                    cells[o][k] = cell(at, Dims.unravel(k, kernel), input, inputStrides);
                }
            }
            return new Window(output, cells);
        }

        private int cell(int[] at, int[] tap, int[] input, int[] inputStrides) {
            int flat = 0;
            for (int axis = 0; axis < at.length; axis++) {
                int position = at[axis] * strides[axis] - begin[axis] + tap[axis] * dilations[axis];
                if (position >= input[axis] + end[axis]) {
                    return BEYOND;
                }
                boolean inside = flat >= 0 && position >= 0 && position < input[axis];
                flat = inside ? flat + position * inputStrides[axis] : PADDING;
            }
            return flat;
        }
    }
}
