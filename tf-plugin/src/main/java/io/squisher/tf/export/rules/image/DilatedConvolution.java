package io.squisher.tf.export.rules.image;

import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * SpaceToBatchND, a convolution and BatchToSpaceND: the same as a convolution that is dilated by the block, with the paddings
 * of the first less the crops of the last. Examples stay apart so, which they do not when blocks go into the batch.
 *
 * @param end the BatchToSpaceND
 * @param start the SpaceToBatchND
 * @param pads before each spatial axis, then behind each
 */
record DilatedConvolution(TensorFlowNode end, TensorFlowNode convolution, TensorFlowNode start, long[] pads) {
    /** The convolution that ends in {@code end}; empty where something else does. */
    static Optional<DilatedConvolution> between(TensorFlowNode end) {
        return end.producer(0).filter(DilatedConvolution::isPlain).flatMap(convolution -> convolution
                .producer(0)
                .filter(start -> start.operationType().equals("SpaceToBatchND"))
                .flatMap(start -> of(end, convolution, start)));
    }

    private static boolean isPlain(TensorFlowNode node) {
        return (node.operationType().equals("Conv2D") || node.operationType().equals("DepthwiseConv2dNative"))
                && node.text("data_format").equals("NHWC")
                && node.text("padding").equals("VALID")
                && LongStream.of(node.integers("strides")).allMatch(stride -> stride == 1)
                && LongStream.of(node.integers("dilations")).allMatch(dilation -> dilation == 1);
    }

    private static Optional<DilatedConvolution> of(
            TensorFlowNode end, TensorFlowNode convolution, TensorFlowNode start) {
        long[] block = start.requiredConstant(1);
        long[] paddings = start.requiredConstant(2);
        long[] crops = end.requiredConstant(2);
        if (block.length != 2 || !Arrays.equals(block, end.requiredConstant(1))) {
            return Optional.empty();
        }
        long[] pads = new long[4];
        for (int axis = 0; axis < 2; axis++) {
            pads[axis] = paddings[2 * axis] - crops[2 * axis];
            pads[axis + 2] = paddings[2 * axis + 1] - crops[2 * axis + 1];
        }
        return LongStream.of(pads).anyMatch(pad -> pad < 0)
                ? Optional.empty()
                : Optional.of(new DilatedConvolution(end, convolution, start, pads));
    }

    void export() {
        ConvolutionRules.dilated(this);
    }
}
