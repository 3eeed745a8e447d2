package io.squisher.apps.merge;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.ModelsOnDisk;
import io.squisher.apps.topk.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TaskVectorMethodsTest extends ModelsOnDisk {
    private static final double[] ORIGIN = {1, 1, 1, 1};

    private MergeInput input(double weight, double... values) {
        return new MergeInput(model(Map.of("w", vector(values))), Optional.empty(), weight);
    }

    private MergeInput scored(double[] values, double... entries) {
        return new MergeInput(
                model(Map.of("w", vector(values))),
                Optional.of(fisher("f" + models(), Map.of("w", vector(entries)))),
                1);
    }

    private static TaskVectorOptions options(double alpha, double density, long seed) {
        return new TaskVectorOptions(alpha, density, Scope.GLOBAL, seed);
    }

    private static MergePlan plan(MergeMethod method, MergeInput... models) {
        return Merge.plan(List.of(models), method, MergeOptions.DEFAULT);
    }

    private static double[] merged(MergeMethod method, MergeInput... models) {
        return plan(method, models).tensors().get("w").toDoubles();
    }

    private static void assertRefused(String text, MergeMethod method, MergeInput... models) {
        String message = assertThrows(SquisherException.class, () -> plan(method, models))
                .getMessage();
        assertTrue(message.contains(text), message);
    }

    @Test
    void taskArithmeticAddsWeightedTaskVectors() {
        // 1 + 0.5 (2·(3−1) + 1·(0−1)), and so on.
        TaskArithmeticMethod method = new TaskArithmeticMethod(input(1, ORIGIN), options(0.5, 1, 0));
        assertArrayEquals(
                new double[] {2.5, 1, 0.5, 6}, merged(method, input(2, 3, 1, 1, 5), input(1, 0, 1, 0, 3)), 1e-14);
    }

    @Test
    void tiesTrimsElectsAndTakesTheMeanOfThoseThatAgree() {
        // τ: (4, −1, 3, 0.5) and (−6, 0.2, 5, −2); half of each stays: (4, 0, 3, 0) and (−6, 0, 5, 0).
        // Elected: −, none, +; means: −6, 0, 4.
        TiesMethod method = new TiesMethod(input(1, ORIGIN), options(1, 0.5, 0));
        double[] a = {5, 0, 4, 1.5};
        double[] b = {-5, 1.2, 6, -1};
        assertArrayEquals(new double[] {-5, 1, 5, 1}, merged(method, input(1, a), input(1, b)), 1e-14);
        // Weight 2 for the first elects + in the first coordinate; (2·3 + 5)/3 in the third.
        assertArrayEquals(new double[] {5, 1, 1 + 11 / 3.0, 1}, merged(method, input(2, a), input(1, b)), 1e-14);
        TiesMethod halved = new TiesMethod(input(1, ORIGIN), options(0.5, 0.5, 0));
        assertArrayEquals(new double[] {-2, 1, 3, 1}, merged(halved, input(1, a), input(1, b)), 1e-14);
    }

    @Test
    void tiesTrimsByTheLossThatAnEntryIsWorth() {
        // √F |τ|: (0.4, 1, 0.3, 2) and (6, 0.2, 0, 4): the last two of a, the first and last of b stay.
        TiesMethod method = new TiesMethod(input(1, ORIGIN), options(1, 0.5, 0));
        double[] merged = merged(
                method,
                scored(new double[] {5, 0, 4, 1.5}, 0.01, 1, 0.01, 16),
                scored(new double[] {-5, 1.2, 6, 3}, 1, 1, 0, 4));
        // −1 of a in the second; (0.5 + 2)/2 in the fourth.
        assertArrayEquals(new double[] {-5, 0, 1, 2.25}, merged, 1e-14);
    }

    @Test
    void tiesCountsOverAllTensorsOrInEach() {
        Map<String, io.squisher.tensor.Tensor> zero = Map.of("w", vector(0, 0), "v", vector(0, 0));
        MergeInput base = new MergeInput(model(zero), Optional.empty(), 1);
        MergeInput model = new MergeInput(model(Map.of("w", vector(3, 4), "v", vector(1, 2))), Optional.empty(), 1);
        MergeInput same = new MergeInput(model(zero), Optional.empty(), 1);
        for (Scope scope : Scope.values()) {
            TiesMethod method = new TiesMethod(base, new TaskVectorOptions(1, 0.5, scope, 0));
            MergePlan plan = plan(method, model, same);
            boolean global = scope == Scope.GLOBAL;
            assertArrayEquals(
                    global ? new double[] {3, 4} : new double[] {0, 4},
                    plan.tensors().get("w").toDoubles());
            assertArrayEquals(
                    global ? new double[] {0, 0} : new double[] {0, 2},
                    plan.tensors().get("v").toDoubles());
        }
    }

    @Test
    void breadcrumbsLeavesOutTheLargestAndTheSmallestChanges() {
        // τ: (4, −1, 3, 0.5) and (−6, 0.2, 5, −2). Without the largest quarter, half of each stays: (0, −1, 3, 0) and
        // (0, 0, 5, −2); 1 + 0.5 (2 · first + second).
        BreadcrumbsMethod method =
                new BreadcrumbsMethod(input(1, ORIGIN), new TaskVectorOptions(0.5, 0.5, Scope.GLOBAL, 0, 0.25));
        assertArrayEquals(
                new double[] {1, 0, 6.5, 0}, merged(method, input(2, 5, 0, 4, 1.5), input(1, -5, 1.2, 6, -1)), 1e-14);
        // Ties go to lower indices: the first is left out, the second and third stay.
        assertArrayEquals(new double[] {1, 1.5, 1.5, 1}, merged(method, input(1, 2, 2, 2, 2), input(1, ORIGIN)), 1e-14);
        assertRefused(
                "which is more than all; choose a smaller density",
                new BreadcrumbsMethod(input(1, ORIGIN), new TaskVectorOptions(1, 0.8, Scope.GLOBAL, 0, 0.25)),
                input(1, ORIGIN),
                input(1, ORIGIN));
    }

    @Test
    void breadcrumbsWithEverythingIsTaskArithmetic() {
        Random random = new Random(4);
        double[] base = random.doubles(500).toArray();
        double[] a = random.doubles(500).toArray();
        double[] b = random.doubles(500).toArray();
        TaskVectorOptions all = options(0.7, 1, 0);
        assertArrayEquals(
                merged(new TaskArithmeticMethod(input(1, base), all), input(1, a), input(2, b)),
                merged(new BreadcrumbsMethod(input(1, base), all), input(1, a), input(2, b)));
    }

    @Test
    void modelStockGoesAsFarAsTheModelsAgree() {
        // τ: (3, 4) and (4, 3), cos φ = 24/25, t = (48/25) / (49/25).
        ModelStockMethod method = new ModelStockMethod(input(1, 1, 1));
        double step = 48.0 / 49 * 3.5;
        assertArrayEquals(new double[] {1 + step, 1 + step}, merged(method, input(1, 4, 5), input(1, 5, 4)), 1e-14);
        // Three models with the cosines 1, 0 and 0: cos φ = 1/3, t = 1 / (5/3).
        assertArrayEquals(
                new double[] {1 + 0.6 * 2, 1 + 0.6},
                merged(method, input(1, 4, 1), input(1, 4, 1), input(1, 1, 4)),
                1e-14);
    }

    @Test
    void modelStockKeepsTheBaseWhereModelsDisagreeAndTheirMeanWhereTheyAreAlike() {
        ModelStockMethod method = new ModelStockMethod(input(1, ORIGIN));
        assertArrayEquals(ORIGIN, merged(method, input(1, 2, 1, 1, 1), input(1, 1, 3, 1, 1)), 1e-14, "at right angles");
        assertArrayEquals(ORIGIN, merged(method, input(1, 2, 1, 1, 1), input(1, 0, 1, 1, 1)), 1e-14, "opposite");
        assertArrayEquals(ORIGIN, merged(method, input(1, ORIGIN), input(1, 5, 1, 1, 1)), 1e-14, "unchanged");
        double[] both = {4, -2, 7, 1};
        assertArrayEquals(both, merged(method, input(1, both), input(1, both)), 1e-14);
        assertRefused("model-stock finds from angles how much", method, input(2, both), input(1, both));
    }

    @Test
    void dareKeepsTheShareAndTheMean() {
        int size = 20_000;
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        MergeInput base = input(1, new double[size]);
        DareMethod method = new DareMethod(base, options(1, 0.25, 7));
        double[] merged = merged(method, input(1, ones), input(0, ones));
        long kept = Arrays.stream(merged).filter(value -> value == 4).count();
        assertEquals(
                size, kept + Arrays.stream(merged).filter(value -> value == 0).count());
        // Five standard deviations of a binomial count.
        assertEquals(0.25 * size, kept, 5 * Math.sqrt(size * 0.25 * 0.75));
        assertArrayEquals(merged, merged(method, input(1, ones), input(0, ones)));
        double[] other = merged(new DareMethod(base, options(1, 0.25, 8)), input(1, ones), input(0, ones));
        assertTrue(!Arrays.equals(merged, other), "another seed drops others");
        double[] second = merged(method, input(0, ones), input(1, ones));
        assertTrue(!Arrays.equals(merged, second), "models are dropped from independently");
    }

    @Test
    void dareKeepsByTheFisherWithoutABias() {
        int size = 40_000;
        double[] values = new double[size];
        double[] entries = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = 1;
            entries[i] = i % 2 == 0 ? 9 : 1;
        }
        // Scores 3 and 1, density 0.25, floor 0.125: mean slope·2 = 0.125; p = 0.125 + 0.0625·3 = 0.3125 and 0.1875.
        DareMethod method = new DareMethod(input(1, new double[size]), options(1, 0.25, 3));
        double[] merged = merged(method, scored(values, entries), scored(new double[size], entries));
        double[] probabilities = {0.3125, 0.1875};
        for (int parity = 0; parity < 2; parity++) {
            double p = probabilities[parity];
            int kept = 0;
            for (int i = parity; i < size; i += 2) {
                if (merged[i] != 0) {
                    assertEquals(1 / p, merged[i], 1e-12);
                    kept++;
                }
            }
            assertEquals(p * size / 2, kept, 5 * Math.sqrt(size / 2.0 * p * (1 - p)));
        }
    }

    @Test
    void keepProbabilitiesMeetTheirMean() {
        // Density 0.5, floor 0.25; slope 1/103 caps 100, which leaves 2 − 1 − 0.75 = 0.25 to 3: p = 0.25 + 1/12.
        KeepProbability capped = KeepProbability.of(vector(100, 1, 1, 1), 0.5);
        assertEquals(1, capped.of(100));
        assertEquals(0.25 + 0.25 / 3, capped.of(1), 1e-14);
        KeepProbability nothing = KeepProbability.of(vector(0, 0, 0), 0.3);
        assertEquals(0.3, nothing.of(0), 1e-14);
        // One entry takes all that is above the floor and more; the others share the rest.
        KeepProbability rest = KeepProbability.of(vector(5, 0, 0, 0), 0.7);
        assertEquals(1, rest.of(5));
        assertEquals(1.8 / 3, rest.of(0), 1e-14);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int trial = 0; trial < 50; trial++) {
            double[] scores =
                    random.doubles(200).map(value -> Math.exp(20 * value)).toArray();
            double density = 0.01 + 0.98 * random.nextDouble();
            KeepProbability found = KeepProbability.of(vector(scores), density);
            double mean = Arrays.stream(scores).map(found::of).average().orElseThrow();
            assertEquals(density, mean, 1e-9, "seed " + seed + ", trial " + trial);
        }
    }

    @Test
    void whatMustHoldForAnyModels() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String told = "seed " + seed;
        double[] a = random.doubles(50, -1, 1).toArray();
        double[] b = random.doubles(50, -1, 1).toArray();
        double[] c = random.doubles(50, -1, 1).toArray();
        MergeInput base = input(1, random.doubles(50, -1, 1).toArray());
        TaskArithmeticMethod arithmetic = new TaskArithmeticMethod(base, TaskVectorOptions.PLAIN);
        TiesMethod ties = new TiesMethod(base, options(0.7, 0.4, 0));
        for (MergeMethod method : List.of(arithmetic, ties)) {
            assertArrayEquals(
                    merged(method, input(1, a), input(2, b), input(3, c)),
                    merged(method, input(3, c), input(1, a), input(2, b)),
                    1e-12,
                    told);
        }
        assertArrayEquals(
                merged(arithmetic, input(1, a), input(2, b)),
                merged(new DareMethod(base, TaskVectorOptions.PLAIN), input(1, a), input(2, b)),
                told);
        for (MergeMethod method : List.of(
                arithmetic,
                new TiesMethod(base, TaskVectorOptions.PLAIN),
                new DareMethod(base, TaskVectorOptions.PLAIN))) {
            assertArrayEquals(a, merged(method, input(1, a), input(0, b)), 1e-14, told);
            double[] origin = base.weights().tensor("w").toDoubles();
            assertArrayEquals(origin, merged(method, input(1, origin), input(1, origin)), told);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        MergeInput base = input(1, ORIGIN);
        MergeInput model = input(1, 1, 2, 3, 4);
        MergeInput fisher = scored(ORIGIN, 1, 1, 1, 1);
        TiesMethod ties = new TiesMethod(base, TaskVectorOptions.PLAIN);
        assertRefused("has no Fisher and others have", ties, model, fisher);
        assertRefused("has no Fisher and others have", new DareMethod(base, TaskVectorOptions.PLAIN), fisher, model);
        MergeInput sized =
                new MergeInput(model.weights(), Optional.empty(), ModelWeight.of(100, ModelWeight.Origin.DATA_SIZE));
        assertRefused(
                "factor of its task vector", new TaskArithmeticMethod(base, TaskVectorOptions.PLAIN), model, sized);
        assertRefused("factor of its task vector", new DareMethod(base, TaskVectorOptions.PLAIN), model, sized);
        assertRefused("differ in shape", new TiesMethod(input(1, 1, 2), TaskVectorOptions.PLAIN), model, model);
        MergeInput broken = input(1, Double.NaN, 1, 1, 1);
        String message = assertThrows(
                        SquisherException.class, () -> merged(new TiesMethod(base, options(1, 0.5, 0)), model, broken))
                .getMessage();
        assertTrue(message.contains("tensor 'w' has NaN at element 0 and the base 1.0"), message);
        assertThrows(SquisherException.class, () -> options(1, 0, 0));
        assertThrows(SquisherException.class, () -> options(0, 1, 0));
    }

    @Test
    void saysHowItWasMade() {
        String metadata = plan(
                        new DareMethod(input(1, ORIGIN), options(0.5, 0.25, 9)),
                        scored(ORIGIN, 1, 1, 1, 1),
                        scored(ORIGIN, 1, 1, 1, 1))
                .metadata()
                .get(MergeMetadata.KEY);
        for (String part : List.of(
                "\"method\":\"dare\"",
                "\"base\":\"0.safetensors\"",
                "\"alpha\":\"0.5\"",
                "\"density\":\"0.25\"",
                "\"seed\":\"9\"",
                "\"fisher_used\":\"score of the probability to keep\"")) {
            assertTrue(metadata.contains(part), metadata);
        }
    }
}
