package io.squisher.format.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decay and steps from Adam's running power: it starts at β₂ and is multiplied by β₂ in float32 after each step. The exact
 * value is a power of few decays, so among the usual ones it tells which.
 */
record BetaPower(double beta, long steps) {
    private static final double[] USUAL = {0.999, 0.99, 0.98, 0.95, 0.9, 0.995, 0.997, 0.9995, 0.9999};

    static Optional<BetaPower> of(float power) {
        List<BetaPower> fitting = new ArrayList<>();
        for (double beta : USUAL) {
            float factor = (float) beta;
            float value = factor;
            long steps = 0;
            // Below the normal range rounding makes the value stick, and many steps look alike.
            while (value > power && value >= Float.MIN_NORMAL) {
                value *= factor;
                steps++;
            }
            if (value == power && value >= Float.MIN_NORMAL && steps > 0) {
                fitting.add(new BetaPower(beta, steps));
            }
        }
        return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
    }
}
