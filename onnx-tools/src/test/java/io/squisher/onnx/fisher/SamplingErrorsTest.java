package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.proto.SamplingError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplingErrorsTest {
    private static final long SEED = 3;
    private static final Fixture FIXTURE = Fixture.load("mlp_relu");

    @Test
    void threeNumbersByHand() {
        // Pieces of 1, 1 and 2 examples with the sums 2, 4 and 6: mean 3, spread 1·1 + 1·1 + 2·0 = 2, variance 2/(2·4).
        double spread = 4.0 / 1 + 16.0 / 1 + 36.0 / 2;
        assertEquals(Math.sqrt(0.25) / 3, SamplingErrors.relative(4, 3, spread, 12.0 * 12), 1e-15);
        assertEquals(0, SamplingErrors.relative(4, 3, 0, 0));
    }

    /** Against variances of single examples, each from an estimation of its own. */
    @Test
    void agreesWithTheVarianceOfSingleExamples() {
        for (FisherKind kind : List.of(
                new FisherKind.Empirical(),
                new FisherKind.Exact(),
                new FisherKind.Sampled(2, 7),
                new FisherKind.Absolute())) {
            try (NpzFile data = FIXTURE.data();
                    FisherEstimator estimator = estimator(data, kind)) {
                Examples all = Fixture.examples(data);
                List<FisherDiagonal> single = new ArrayList<>();
                for (int row = 0; row < all.count(); row++) {
                    estimator.clear();
                    estimator.add(all.slice(row, 1));
                    single.add(estimator.sums().toDiagonal());
                }
                estimator.clear();
                for (int row = 0; row < all.count(); row++) {
                    estimator.add(all.slice(row, 1));
                }
                SamplingError known = estimator.sums().toDiagonal().provenance().getSamplingError();
                assertEquals(all.count(), known.getPieces());
                for (String name : single.get(0).names()) {
                    double[][] values = single.stream()
                            .map(diagonal -> diagonal.tensor(name).toDoubles())
                            .toArray(double[][]::new);
                    assertEquals(relativeError(values), known.getRelativeOrThrow(name), 1e-5, kind + ", " + name);
                }
            }
        }
    }

    private static double relativeError(double[]... values) {
        double variance = 0;
        double squaredNorm = 0;
        for (int i = 0; i < values[0].length; i++) {
            double mean = 0;
            for (double[] example : values) {
                mean += example[i] / values.length;
            }
            for (double[] example : values) {
                variance += (example[i] - mean) * (example[i] - mean) / (values.length - 1) / values.length;
            }
            squaredNorm += mean * mean;
        }
        return Math.sqrt(variance / squaredNorm);
    }

    @Test
    void anyFisherOfSomeExamplesSaysItAndAJointOneDoesNot() {
        try (NpzFile data = FIXTURE.data();
                FisherEstimator empirical = estimator(data, new FisherKind.Empirical());
                FisherEstimator joint = estimator(data, new FisherKind.Joint())) {
            SamplingError known =
                    empirical.run(FisherListener.SILENT).provenance().getSamplingError();
            assertEquals(8, known.getPieces());
            assertEquals(
                    empirical.plan().parameters().keySet(),
                    known.getRelativeMap().keySet());
            assertFalse(joint.run(FisherListener.SILENT).provenance().hasSamplingError());
            empirical.clear();
            empirical.add(Fixture.examples(data));
            assertFalse(empirical.sums().toDiagonal().provenance().hasSamplingError(), "one piece has no spread");
        }
    }

    /** Pieces of unequal sizes from a known distribution: how often is the true mean within two standard errors? */
    @Test
    void twoStandardErrorsCoverTheTrueMean() {
        Random random = new Random(SEED);
        int runs = 4000;
        int covered = 0;
        double squaredRatio = 0;
        for (int run = 0; run < runs; run++) {
            Drawn drawn = new Drawn();
            for (int piece = 0; piece < 40; piece++) {
                drawn.add(random, 5 + piece % 11);
            }
            double ratio = Math.abs(drawn.mean() - 1) / (drawn.relative() * drawn.mean());
            covered += ratio <= 2 ? 1 : 0;
            squaredRatio += ratio * ratio / runs;
        }
        double share = (double) covered / runs;
        assertTrue(share > 0.93 && share < 0.97, share + " covered, 0.95 expected, seed " + SEED);
        assertTrue(squaredRatio > 0.9 && squaredRatio < 1.2, squaredRatio + ", seed " + SEED);
    }

    /** Ending where the estimate is small finds small estimates; the rule must not find much too small ones. */
    @Test
    void whereTheRuleEndsTheErrorIsAsPromised() {
        Random random = new Random(SEED);
        int runs = 1500;
        for (double bound : new double[] {0.1, 0.05}) {
            StoppingRule rule = new StoppingRule(bound);
            double squared = 0;
            double examples = 0;
            for (int run = 0; run < runs; run++) {
                Drawn drawn = new Drawn();
                do {
                    drawn.add(random, 8);
                } while (!rule.holds(drawn.error()));
                squared += (drawn.mean() - 1) * (drawn.mean() - 1) / runs;
                examples += (double) drawn.examples / runs;
            }
            double error = Math.sqrt(squared);
            assertTrue(error < 1.25 * bound, "an error of " + error + " for a bound of " + bound + ", seed " + SEED);
            // The variance of a squared normal number is 2.
            assertTrue(examples > 0.8 * 2 / (bound * bound), examples + " examples for " + bound + ", seed " + SEED);
        }
    }

    /** Squares of normal numbers, whose mean is 1: what an empirical Fisher adds up. */
    private static final class Drawn {
        private double sum;
        private double spread;
        private long examples;
        private long pieces;

        void add(Random random, int count) {
            double ofPiece = 0;
            for (int i = 0; i < count; i++) {
                double normal = random.nextGaussian();
                ofPiece += normal * normal;
            }
            sum += ofPiece;
            spread += ofPiece * ofPiece / count;
            examples += count;
            pieces++;
        }

        double mean() {
            return sum / examples;
        }

        double relative() {
            return SamplingErrors.relative(examples, pieces, spread, sum * sum);
        }

        Optional<SamplingError> error() {
            return pieces < 2
                    ? Optional.empty()
                    : Optional.of(SamplingError.newBuilder()
                            .setPieces(pieces)
                            .putAllRelative(Map.of("w", relative()))
                            .build());
        }
    }

    @Test
    void aRunEndsWhenItIsKnownWellEnough() {
        Fixture fixture = Fixture.load("multilabel_bernoulli");
        try (NpzFile data = fixture.data();
                FisherEstimator estimator = new FisherEstimator(FisherRequest.of(
                                fixture.model(),
                                Fixture.examples(data),
                                fixture.likelihood(),
                                new FisherKind.Empirical())
                        .withBatchSize(1))) {
            FisherSums whole = estimator.run(FisherListener.SILENT, FisherRun.ALL);
            double worst = worst(whole);
            FisherSums early = estimator.run(FisherListener.SILENT, FisherRun.ALL.until(1.2 * worst));
            assertTrue(early.count() < whole.count(), early.count() + " of " + whole.count());
            assertTrue(worst(early) < 1.2 * worst);
            assertTrue(early.pieces() >= StoppingRule.LEAST_PIECES);
            FisherSums all = estimator.run(FisherListener.SILENT, FisherRun.ALL.until(worst / 10));
            assertEquals(whole.count(), all.count(), "too few examples are all run");
        }
    }

    private static double worst(FisherSums sums) {
        return sums.toDiagonal().provenance().getSamplingError().getRelativeMap().values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
    }

    private static FisherEstimator estimator(NpzFile data, FisherKind kind) {
        return new FisherEstimator(
                FisherRequest.of(FIXTURE.model(), Fixture.examples(data), FIXTURE.likelihood(), kind));
    }
}
