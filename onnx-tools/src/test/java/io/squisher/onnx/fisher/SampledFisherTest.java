package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampledFisherTest {
    private static final long SEED = 11;
    private static final Fixture FIXTURE = Fixture.load("mlp_relu");

    @Test
    void convergesToTheExactAtTheMonteCarloRate() {
        Map<String, double[]> exact = FIXTURE.reference(new FisherKind.Exact());
        double few = distance(exact, sampled(64, SEED, FIXTURE.count()));
        double more = distance(exact, sampled(256, SEED, FIXTURE.count()));
        double many = distance(exact, sampled(1024, SEED, FIXTURE.count()));
        String seen = "relative errors " + few + ", " + more + ", " + many + " of 64, 256, 1024 draws, seed " + SEED;
        assertTrue(few < 0.2, seen);
        // Four times the draws halve the error, a factor of 16 quarters it; the bounds leave room for luck.
        assertTrue(more < few / 1.3 && many < more / 1.3, seen);
        assertTrue(many < few / 2.5 && many > few / 7, seen);
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

    private static double distance(Map<String, double[]> reference, Map<String, double[]> actual) {
        double difference = 0;
        double norm = 0;
        for (Map.Entry<String, double[]> entry : reference.entrySet()) {
            double[] seen = actual.get(entry.getKey());
            for (int i = 0; i < seen.length; i++) {
                double expected = entry.getValue()[i];
                difference += (seen[i] - expected) * (seen[i] - expected);
                norm += expected * expected;
            }
        }
        return Math.sqrt(difference / norm);
    }

    private static double[] flat(Map<String, double[]> tensors) {
        return tensors.values().stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
