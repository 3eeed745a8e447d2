package io.squisher.apps.quantization.number;

import java.util.List;

/**
 * The two floating-point formats of 8 bits of Micikevicius et al. 2022, as the Open Compute Project fixed them, with a scale
 * that maps the largest weight to the largest finite value. To nearest, ties to even; subnormal numbers are kept; what is
 * beyond the range is the largest value, not infinite.
 */
public enum SmallFloat implements FixedValues {
    /** 4 bits of exponent, 3 of fraction, no infinity: up to 448. */
    E4M3("fp8-e4m3", 3, -6, 448),
    /** 5 bits of exponent, 2 of fraction: up to 57344. */
    E5M2("fp8-e5m2", 2, -14, 57344);

    private final String word;
    private final int fractionBits;
    private final int leastExponent;
    private final double largest;

    SmallFloat(String word, int fractionBits, int leastExponent, double largest) {
        this.word = word;
        this.fractionBits = fractionBits;
        this.leastExponent = leastExponent;
        this.largest = largest;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public int bits() {
        return 8;
    }

    @Override
    public List<Granularity> granularities() {
        return Granularity.COARSE;
    }

    @Override
    public double largest() {
        return largest;
    }

    @Override
    public double nearest(double number) {
        double magnitude = Math.abs(number);
        if (!(magnitude < largest)) {
            return Double.isNaN(number) ? number : Math.copySign(largest, number);
        }
        // Below the smallest normal number the distance between neighbours stays what it is there.
        int exponent = Math.max(Math.getExponent(magnitude), leastExponent);
        double unit = Math.scalb(1.0, exponent - fractionBits);
        return Math.copySign(Math.rint(magnitude / unit) * unit, number);
    }
}
