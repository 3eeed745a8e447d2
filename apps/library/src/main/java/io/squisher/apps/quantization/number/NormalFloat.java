package io.squisher.apps.quantization.number;

import java.util.List;

/**
 * NF4 of Dettmers et al. 2023 (QLoRA, appendix E): 16 values from −1 to 1 at the quantiles of a normal distribution, one of them
 * 0, times the largest absolute weight of a group. A weight in the middle between two values takes the lower one.
 */
public record NormalFloat() implements FixedValues {
    private static final double[] VALUES = {
        -1.0,
        -0.6961928009986877,
        -0.5250730514526367,
        -0.39491748809814453,
        -0.28444138169288635,
        -0.18477343022823334,
        -0.09105003625154495,
        0.0,
        0.07958029955625534,
        0.16093020141124725,
        0.24611230194568634,
        0.33791524171829224,
        0.44070982933044434,
        0.5626170039176941,
        0.7229568362236023,
        1.0
    };

    @Override
    public String word() {
        return "nf4";
    }

    @Override
    public int bits() {
        return 4;
    }

    @Override
    public List<Granularity> granularities() {
        return Granularity.GROUPS;
    }

    @Override
    public double largest() {
        return 1;
    }

    @Override
    public double nearest(double number) {
        return VALUES[NearestValue.in(VALUES, number)];
    }
}
