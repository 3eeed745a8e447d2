package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.SquisherException;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;

/**
 * How the windows of a convolution or pooling lie on its input, with automatic padding resolved; arrays have an entry
 * for each spatial axis.
 *
 * @param input spatial sizes of the input
 * @param output spatial sizes of the output
 * @param kernel window sizes
 * @param padsBefore elements added before the input
 * @param padsBehind elements added behind it
 */
public record Windows(
        long[] input,
        long[] output,
        long[] kernel,
        long[] strides,
        long[] dilations,
        long[] padsBefore,
        long[] padsBehind) {
    /** The windows of a node whose input is {@code [N, C, spatial…]}. */
    public static Windows of(Node node, TensorShape x, TensorShape y, long[] kernel) {
        int axes = kernel.length;
        long[] input = spatial(x, axes);
        long[] output = spatial(y, axes);
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        long[] strides = node.attributes().integers("strides", ones);
        long[] dilations = node.attributes().integers("dilations", ones);
        long[] pads = node.attributes().integers("pads", new long[2 * axes]);
        long[] before = Arrays.copyOfRange(pads, 0, axes);
        long[] behind = Arrays.copyOfRange(pads, axes, 2 * axes);
        String automatic = node.attributes().string("auto_pad", "NOTSET");
        if (automatic.startsWith("SAME")) {
            for (int i = 0; i < axes; i++) {
                long missing = (output[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - input[i];
                if (missing < -1) {
                    throw new SquisherException(node + " has auto_pad " + automatic + " and windows " + strides[i]
                            + " apart that reach less far, where ONNX Runtime leaves out elements before the first;"
                            + " export with explicit pads");
                }
                long total = Math.max(0, missing);
                before[i] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                behind[i] = total - before[i];
            }
        } else if (automatic.equals("VALID")) {
            Arrays.fill(before, 0);
            Arrays.fill(behind, 0);
        }
        return new Windows(input, output, kernel, strides, dilations, before, behind);
    }

    /** The windows of a convolution, whose kernel is that of its weights. */
    public static Windows ofConvolution(RuleContext c) {
        TensorShape w = c.x(1).shape();
        long[] kernel = new long[w.rank() - 2];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = w.size(i + 2);
        }
        return of(c.node(), c.x(0).shape(), c.y(0).shape(), kernel);
    }

    private static long[] spatial(TensorShape shape, int axes) {
        long[] sizes = new long[axes];
        for (int i = 0; i < axes; i++) {
            sizes[i] = shape.size(i + 2);
        }
        return sizes;
    }

    /** Number of spatial axes. */
    public int axes() {
        return kernel.length;
    }

    /** Extent of the window along a spatial axis, gaps included. */
    public long extent(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    /** Positions of the window: the product of the output sizes. */
    public long positions() {
        return product(output);
    }

    /** Elements of the window: the product of the kernel sizes. */
    public long kernelSize() {
        return product(kernel);
    }

    /** The element of the flattened input at element {@code k} of window {@code p}; -1 in the padding. */
    int inputElement(long p, long k) {
        long element = 0;
        long stride = 1;
        for (int i = axes() - 1; i >= 0; i--) {
            long at = p % output[i] * strides[i] + k % kernel[i] * dilations[i] - padsBefore[i];
            if (at < 0 || at >= input[i]) {
                return -1;
            }
            p /= output[i];
            k /= kernel[i];
            element += at * stride;
            stride *= input[i];
        }
        return Math.toIntExact(element);
    }

    /** Whether every stride is 1. */
    public boolean isDense() {
        return Arrays.stream(strides).allMatch(stride -> stride == 1);
    }

    /** Whether no input element is in two windows. */
    public boolean isDisjoint() {
        for (int i = 0; i < axes(); i++) {
            if (extent(i) > strides[i]) {
                return false;
            }
        }
        return true;
    }

    /** These windows with so much padding behind that the last one does not hang over, as it may with ceil_mode. */
    Windows withOverhang() {
        long[] behind = padsBehind.clone();
        for (int i = 0; i < axes(); i++) {
            behind[i] = Math.max(behind[i], (output[i] - 1) * strides[i] + extent(i) - padsBefore[i] - input[i]);
        }
        return new Windows(input, output, kernel, strides, dilations, padsBefore, behind);
    }

    /** {@code padsBefore} and {@code padsBehind} in one array, as the attribute has them. */
    public long[] pads() {
        long[] pads = Arrays.copyOf(padsBefore, 2 * axes());
        System.arraycopy(padsBehind, 0, pads, axes(), axes());
        return pads;
    }

    private static long product(long[] sizes) {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }
}
