package io.squisher.apps.quantization.number;

import java.util.List;

/**
 * Whole numbers times a scale (Jacob et al. 2018): w ≈ s·(q − z), q the nearest whole number to w/s + z, ties to even.
 *
 * <ul>
 *   <li>symmetric: z = 0, q from −(2^(b−1) − 1) to 2^(b−1) − 1, s = max|w| / (2^(b−1) − 1);
 *   <li>asymmetric: q and z from 0 to 2^b − 1, s = (max(w, 0) − min(w, 0)) / (2^b − 1), z the nearest to −min(w, 0)/s, so that 0
 *       stays 0.
 * </ul>
 *
 * <p>These are the numbers of ONNX's {@code DequantizeLinear}, which computes the same values bit for bit: q − z has at most 9
 * bits and s at most 24, so that their product in double is exact and is rounded once, to the weights' type.
 *
 * @param bits of a code, 2 to 8
 * @param asymmetric whether there is a zero point
 */
public record IntegerFormat(int bits, boolean asymmetric) implements ScaledFormat {
    @Override
    public String word() {
        return "int" + bits + (asymmetric ? "-asymmetric" : "");
    }

    @Override
    public List<Granularity> granularities() {
        return Granularity.ALL;
    }

    @Override
    public int zeroPointBits() {
        return asymmetric ? bits : 0;
    }

    /** The smallest code. */
    public int leastCode() {
        return asymmetric ? 0 : -mostCode();
    }

    /** The largest code. */
    public int mostCode() {
        return asymmetric ? (1 << bits) - 1 : (1 << bits - 1) - 1;
    }

    @Override
    public double scale(double least, double most) {
        return asymmetric
                ? (Math.max(most, 0) - Math.min(least, 0)) / mostCode()
                : Math.max(Math.abs(least), Math.abs(most)) / mostCode();
    }

    @Override
    public int zeroPoint(double least, double scale) {
        return asymmetric ? (int) Math.min(mostCode(), Math.rint(-Math.min(least, 0) / scale)) : 0;
    }

    /** The code of a weight. */
    public int code(double value, double scale, int zeroPoint) {
        double code = Math.rint(value / scale) + zeroPoint;
        return (int) Math.max(leastCode(), Math.min(mostCode(), code));
    }

    @Override
    public void round(double[] values, int count, int[] slots, Scales scales) {
        double[] steps = scales.scales();
        int[] zeros = scales.zeroPoints();
        double least = leastCode();
        double most = mostCode();
        for (int i = 0; i < count; i++) {
            double step = steps[slots[i]];
            int zero = zeros[slots[i]];
            double code = Math.max(least, Math.min(most, Math.rint(values[i] / step) + zero));
            values[i] = (code - zero) * step;
        }
    }
}
