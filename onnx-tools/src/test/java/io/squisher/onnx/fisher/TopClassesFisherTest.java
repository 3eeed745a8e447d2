package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The exact Fisher over the most probable classes. */
class TopClassesFisherTest {
    private static final Fixture FIXTURE = Fixture.load("mlp_relu");
    private static final int CLASSES = 5;

    private static FisherSums sums(Fixture fixture, int top, int batch) {
        try (NpzFile data = fixture.data()) {
            FisherRequest request = FisherRequest.of(
                            fixture.model(), Fixture.examples(data), fixture.likelihood(), new FisherKind.Exact(top))
                    .withBatchSize(batch);
            try (FisherEstimator estimator = new FisherEstimator(request)) {
                return estimator.run(FisherListener.SILENT, FisherRun.ALL);
            }
        }
    }

    private static Map<String, double[]> values(FisherSums sums) {
        Map<String, double[]> values = new LinkedHashMap<>();
        sums.toDiagonal().tensors().forEach((name, tensor) -> values.put(name, tensor.toDoubles()));
        return values;
    }

    @Test
    void overAllClassesItIsTheExactOne() {
        FisherSums all = sums(FIXTURE, CLASSES, 7);
        RelativeError.check("top 5 of 5", FIXTURE.reference(new FisherKind.Exact()), values(all), FIXTURE.tolerance());
        assertEquals(0, all.neglectedMass().getAsDouble());
        assertTrue(sums(FIXTURE, 0, 7).neglectedMass().isEmpty());
    }

    @Test
    void overTokensItIsTheExactOneToo() {
        Fixture gpt = Fixture.load("tiny_gpt");
        RelativeError.check(
                "top 19 of 19", gpt.reference(new FisherKind.Exact()), values(sums(gpt, 19, 8)), gpt.tolerance());
    }

    /** Beside the definition: the empirical Fisher at each of the two most probable classes, times its probability. */
    @Test
    void squaresOfTheMostProbableClassesAreWeightedWithTheirProbabilities() {
        try (NpzFile data = FIXTURE.data();
                InferenceSession session =
                        InferenceSession.create(FIXTURE.model().model(), RuntimeSettings.CPU)) {
            Tensor input = firstOf(data.arrays().get("input"));
            String output = session.outputs().iterator().next();
            double[] p = softmax(session.run(Map.of("input", input), Set.of(output))
                    .get(output)
                    .toDoubles());
            List<Integer> order = IntStream.range(0, CLASSES)
                    .boxed()
                    .sorted((a, b) -> Double.compare(p[b], p[a]))
                    .toList();
            Map<String, double[]> expected = new LinkedHashMap<>();
            for (int label : order.subList(0, 2)) {
                Estimation.of(request(input, label, new FisherKind.Empirical()))
                        .forEach((name, values) ->
                                expected.merge(name, scaled(values, p[label]), TopClassesFisherTest::sum));
            }
            try (FisherEstimator estimator = new FisherEstimator(request(input, 0, new FisherKind.Exact(2)))) {
                FisherSums sums = estimator.run(FisherListener.SILENT, FisherRun.ALL);
                RelativeError.check("top 2", expected, values(sums), 1e-4);
                assertEquals(
                        1 - p[order.get(0)] - p[order.get(1)],
                        sums.neglectedMass().getAsDouble(),
                        1e-6);
            }
        }
    }

    private static Tensor firstOf(Tensor rows) {
        int size = Math.toIntExact(rows.size() / rows.shape().dim(0));
        float[] first = new float[size];
        double[] all = rows.toDoubles();
        for (int i = 0; i < size; i++) {
            first[i] = (float) all[i];
        }
        return Tensor.of(Shape.of(1, size), first);
    }

    private static FisherRequest request(Tensor input, long label, FisherKind kind) {
        Map<String, Tensor> arrays = Map.of("input", input, "labels", Tensor.of(Shape.of(1), new long[] {label}));
        return FisherRequest.of(FIXTURE.model(), Examples.of("one", arrays), FIXTURE.likelihood(), kind);
    }

    private static double[] softmax(double... logits) {
        double[] p = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .toArray();
        double total = Arrays.stream(p).sum();
        return scaled(p, 1 / total);
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }

    private static double[] sum(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
    }

    @Test
    void theBatchDoesNotMatter() {
        FisherSums three = sums(FIXTURE, 2, 3);
        FisherSums whole = sums(FIXTURE, 2, FIXTURE.count());
        RelativeError.check("batches of 3 and of all", values(whole), values(three), 1e-5);
        assertEquals(whole.neglectedMass().getAsDouble(), three.neglectedMass().getAsDouble(), 1e-6);
        assertTrue(whole.toDiagonal().provenance().getNotes(0).startsWith("exact over the 2 most probable classes"));
    }

    @Test
    void whatIsLeftOutIsAddedWithTheSums() {
        FisherSums whole = sums(FIXTURE, 2, 8);
        assertEquals(
                whole.neglectedMass().getAsDouble(),
                whole.plus(whole).neglectedMass().getAsDouble(),
                1e-12);
        SquisherException e = assertThrows(SquisherException.class, () -> whole.plus(sums(FIXTURE, 0, 8)));
        assertEquals(
                "sums of different estimations cannot be added: the kind differs: exact and exact over the top 2 classes",
                e.getMessage());
    }

    @Test
    void aLikelihoodWithoutClassesIsRefused() {
        Fixture fixture = Fixture.load("multilabel_bernoulli");
        SquisherException e = assertThrows(SquisherException.class, () -> sums(fixture, 2, 4));
        assertEquals(
                "the most probable classes are asked for, and the likelihood " + new Likelihood.Bernoulli().name()
                        + " has no classes; leave --classes away, or take --kind sampled",
                e.getMessage());
    }
}
