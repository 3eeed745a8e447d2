package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.data.NpzFile;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SampledFisherTest {
    private static final long SEED = 11;
    private static final Fixture FIXTURE = Fixture.load("mlp_relu");

    /** Four draws together against one: the same mean, and less than a quarter of the variance. */
    @Test
    void drawsOfOneLabelAreUnbiasedAndVaryLess() {
        Spread together = spread(FIXTURE, "4.weight", 4, 250);
        Spread single = spread(FIXTURE, "4.weight", 1, 250);
        assertTrue(together.isUnbiased() && single.isUnbiased(), together + " and " + single);
        assertTrue(together.variance() < 0.7 * single.variance() / 4, together + " and " + single);
    }

    /** Only parts of the unit interval in which one class ends and another begins leave anything to chance: at most four. */
    @Test
    void drawsOfOneLabelConvergeWithTheirNumber() {
        Spread few = spread(FIXTURE, "4.weight", 12, 100);
        Spread many = spread(FIXTURE, "4.weight", 48, 100);
        // Four times the draws quarter the error, and its square is a sixteenth; draws one by one would leave a
        // quarter.
        assertTrue(many.variance() < few.variance() / 8, few + " and " + many);
    }

    /** Several outputs of an example are drawn together, each time anew. */
    @Test
    void drawsOfSeveralLabelsAreIndependent() {
        Fixture fixture = Fixture.load("multilabel_bernoulli");
        Spread four = spread(fixture, "2.weight", 4, 250);
        Spread single = spread(fixture, "2.weight", 1, 250);
        assertTrue(four.isUnbiased() && single.isUnbiased(), four + " and " + single);
        double ratio = single.variance() / four.variance();
        assertTrue(ratio > 2.7 && ratio < 6, four + " and " + single);
    }

    /**
     * How estimates of a tensor lie around the exact one.
     *
     * @param largestBias over the elements, of the mean's distance in standard errors of it
     * @param variance of one estimate, summed over the elements
     */
    private record Spread(double largestBias, double variance) {
        /** Of some hundred correlated elements none is beyond five standard errors but once in ten thousand times. */
        boolean isUnbiased() {
            return largestBias < 5;
        }
    }

    private static Spread spread(Fixture fixture, String tensor, int draws, int runs) {
        double[] expected = fixture.reference(new FisherKind.Exact()).get(tensor);
        double[] sum = new double[expected.length];
        double[] squares = new double[expected.length];
        try (NpzFile data = fixture.data();
                FisherEstimator estimator = new FisherEstimator(FisherRequest.of(
                                fixture.model(),
                                Fixture.examples(data),
                                fixture.likelihood(),
                                new FisherKind.Sampled(draws, SEED))
                        .withParameters(Pattern.compile("^" + tensor)))) {
            for (int run = 0; run < runs; run++) {
                estimator.clear();
                estimator.add(Fixture.examples(data).numberedFrom(1000L * run));
                double[] estimate =
                        estimator.sums().toDiagonal().tensors().get(tensor).toDoubles();
                for (int i = 0; i < estimate.length; i++) {
                    sum[i] += estimate[i] - expected[i];
                    squares[i] += Math.pow(estimate[i] - expected[i], 2);
                }
            }
        }
        double bias = 0;
        double variance = 0;
        for (int i = 0; i < sum.length; i++) {
            double ofElement = squares[i] / runs - Math.pow(sum[i] / runs, 2);
            variance += ofElement;
            double error = Math.max(Math.sqrt(ofElement / runs), 1e-5 * expected[i]);
            bias = sum[i] == 0 ? bias : Math.max(bias, Math.abs(sum[i] / runs) / error);
        }
        return new Spread(bias, variance);
    }

    @Test
    void labelsDoNotDependOnTheBatch() {
        Map<String, double[]> whole = sampled(8, SEED, FIXTURE.count());
        RelativeError.check("batch 3 against all at once, seed " + SEED, whole, sampled(8, SEED, 3), 1e-5);
        RelativeError.check("batch 1 against all at once, seed " + SEED, whole, sampled(8, SEED, 1), 1e-5);
    }

    @Test
    void theSeedFixesTheLabels() {
        double[] first = flat(sampled(4, SEED, FIXTURE.count()));
        assertTrue(Arrays.equals(first, flat(sampled(4, SEED, FIXTURE.count()))), "seed " + SEED + " twice");
        assertNotEquals(0, Arrays.compare(first, flat(sampled(4, SEED + 1, FIXTURE.count()))), "seeds 11 and 12");
    }

    private static Map<String, double[]> sampled(int draws, long seed, int batch) {
        return Estimation.of(FIXTURE, new FisherKind.Sampled(draws, seed), request -> request.withBatchSize(batch));
    }

    private static double[] flat(Map<String, double[]> tensors) {
        return tensors.values().stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
