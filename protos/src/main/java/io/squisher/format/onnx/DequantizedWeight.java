package io.squisher.format.onnx;

import io.squisher.tensor.Tensor;

/**
 * A weight as whole numbers, scales and zero points, which {@code DequantizeLinear} makes a weight of again.
 *
 * @param name of the initializer that it replaces
 * @param bits of a code, 4 or 8; two codes of 4 bits share a byte in the file
 * @param codes int8 or uint8, one for each weight, of the weight's shape
 * @param scales of the weight's type: a scalar, a vector along {@code axis}, or of the weight's shape with one for each group
 * @param zeroPoints of the type of {@code codes} and the shape of {@code scales}
 * @param axis of the channels or groups; −1 for one scale
 * @param groupSize weights in a group along {@code axis}; 0 without groups
 */
public record DequantizedWeight(
        String name, int bits, Tensor codes, Tensor scales, Tensor zeroPoints, int axis, int groupSize) {
    /** The version of the standard's operators that has the operator with these types and groups. */
    public int opset() {
        return bits < 8 || groupSize > 0 ? 21 : 13;
    }
}
