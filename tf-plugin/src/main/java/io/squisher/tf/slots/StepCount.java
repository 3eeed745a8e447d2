package io.squisher.tf.slots;

import java.util.OptionalLong;

/** The number of optimizer steps, worked out from β₂'s running power. */
final class StepCount {
    private StepCount() {}

    /**
     * The steps T behind a power that starts at β₂ and is multiplied by it after each step, in float32, so that it is
     * β₂^(T+1) but for rounding.
     *
     * <p>First the multiplications are repeated, which is exact; a power that was computed in another way falls between
     * two of them, and T = round(ln power / ln β₂) - 1 is taken. The logarithm is that of the float32 β₂ in double
     * arithmetic: with 0.999 in place of 0.99900001287… the result is off by one.
     *
     * @return empty where the power is not a normal float32 number any more (at 0.9 after 830 steps), or no power of β₂
     */
    public static OptionalLong fromPower(float power, float beta2) {
        if (!(beta2 > 0 && beta2 < 1 && power >= Float.MIN_NORMAL && power <= beta2)) {
            return OptionalLong.empty();
        }
        float repeated = beta2;
        long steps = 0;
        while (repeated > power && repeated * beta2 < repeated) {
            repeated *= beta2;
            steps++;
        }
        if (repeated == power) {
            return OptionalLong.of(steps);
        }
        return OptionalLong.of(Math.round(Math.log(power) / Math.log(beta2)) - 1);
    }
}
