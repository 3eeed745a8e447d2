package io.squisher.examples.reproduce.setting;

import java.util.List;
import java.util.Map;

/**
 * What one setting gave with one seed.
 *
 * @param setting the {@link Setting#name()}
 * @param fingerprint of everything that the run depends on but the seed
 * @param seconds wall-clock
 */
public record RunResult(String setting, long seed, String fingerprint, Outcome outcome, double seconds) {
    /**
     * What was measured.
     *
     * @param points on test images; in a choice of hyperparameters, on validation images
     * @param layers agreement of the diagonals, tensor by tensor
     * @param chosen hyperparameters that validation images chose, by method
     */
    public record Outcome(
            List<Point> points, List<LayerAgreement> layers, List<DiagonalCost> costs, Map<String, Double> chosen) {}
}
