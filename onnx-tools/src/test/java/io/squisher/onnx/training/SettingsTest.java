package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.Correction;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.Rescaling;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.onnx.training.optimizer.Sgd;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a setting of the trainer does to weights and squared gradients. */
class SettingsTest {
    @TempDir
    private Path folder;

    private Map<String, Tensor> before(String model) {
        return TorchReferenceTest.weights(References.copy(folder, model + ".onnx"));
    }

    private Map<String, Tensor> trained(OnnxTrainer trainer) {
        trainer.train(folder.resolve("tuned.onnx"));
        return TorchReferenceTest.weights(folder.resolve("tuned.onnx"));
    }

    @Test
    void frozenParametersKeepTheirBits() {
        Map<String, Tensor> before = before("transformer");
        Map<String, Tensor> after = trained(References.trainer(folder, "transformer")
                .optimizer(AdamW.of(1e-2))
                .decay(0.1)
                .freeze("^words|query")
                .freeze("classes.bias"));
        int kept = 0;
        for (String name : before.keySet()) {
            boolean frozen = name.startsWith("words") || name.contains("query") || name.equals("classes.bias");
            boolean same =
                    Arrays.equals(before.get(name).toFloats(), after.get(name).toFloats());
            if (frozen || before.get(name).type().isFloating()) {
                assertEquals(frozen, same, name);
            }
            kept += frozen ? 1 : 0;
        }
        assertEquals(6, kept);
        try (FisherFile squisher = FisherFile.open(folder.resolve("tuned.squisher.safetensors"))) {
            assertFalse(squisher.diagonal().names().contains("words.weight"));
        }
    }

    @Test
    void maskedEntriesKeepTheirBitsAndHaveNoSquares() {
        Map<String, Tensor> before = before("transformer");
        Map<String, Tensor> masks = new LinkedHashMap<>();
        for (String name : List.of("words.weight", "classes.weight", "layers.0.norm1.bias")) {
            float[] mask = new float[(int) before.get(name).size()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = i % 3 == 0 ? 1 : 0;
            }
            masks.put(name, Tensor.of(before.get(name).shape(), mask));
        }
        OnnxTrainer trainer = References.trainer(folder, "transformer")
                .optimizer(AdamW.of(1e-2))
                .decay(0.1);
        masks.forEach(trainer::mask);
        Map<String, Tensor> after = trained(trainer);
        try (FisherFile squisher = FisherFile.open(folder.resolve("tuned.squisher.safetensors"))) {
            masks.forEach((name, mask) -> {
                float[] old = before.get(name).toFloats();
                float[] now = after.get(name).toFloats();
                double[] squares = squisher.diagonal().tensor(name).toDoubles();
                int moved = 0;
                for (int i = 0; i < old.length; i++) {
                    if (i % 3 != 0) {
                        assertEquals(Float.floatToRawIntBits(old[i]), Float.floatToRawIntBits(now[i]), name + i);
                        assertEquals(0, squares[i], name + i);
                    }
                    moved += old[i] != now[i] ? 1 : 0;
                }
                assertTrue(moved > old.length / 4, name + ": " + moved + " moved");
            });
        }
    }

    /** Two runs of 10 and 8 examples give the gradient of one of 18 up to rounding. */
    @Test
    void gradientsOfSeveralBatchesAddUp() {
        Map<String, Tensor> whole = trained(References.trainer(folder, "transformer")
                .optimizer(Sgd.of(0.1))
                .batchSize(36)
                .epochs(2));
        Map<String, Tensor> parts = trained(References.trainer(folder, "transformer")
                .optimizer(Sgd.of(0.1))
                .batchSize(10)
                .accumulate(4)
                .epochs(2));
        whole.forEach((name, tensor) ->
                assertArrayEquals(tensor.toDoubles(), parts.get(name).toDoubles(), 1e-6, name));
    }

    /** v of Adam, replayed in double from the squares of Sgd's own average, with the same decay and the same gradients. */
    @Test
    void theSquaresAreTheAverageOfTheGradientsSquares() {
        Map<String, List<double[]>> gradients = new LinkedHashMap<>();
        Map<String, Tensor> last = before("mlp");
        // A step of descent at rate 1 moves each weight by its gradient.
        for (int epochs = 1; epochs <= 4; epochs++) {
            Map<String, Tensor> after = trained(References.trainer(folder, "mlp")
                    .optimizer(Sgd.of(1e-3))
                    .batchSize(36)
                    .epochs(epochs));
            for (String name : after.keySet()) {
                double[] from = last.get(name).toDoubles();
                double[] to = after.get(name).toDoubles();
                double[] gradient = new double[from.length];
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] = (from[i] - to[i]) / 1e-3;
                }
                gradients.computeIfAbsent(name, missing -> new ArrayList<>()).add(gradient);
            }
            last = after;
        }
        try (FisherFile squisher = FisherFile.open(folder.resolve("tuned.squisher.safetensors"))) {
            Accumulator accumulator = squisher.diagonal().provenance().getAccumulator();
            assertEquals("own", accumulator.getOptimizer());
            assertEquals(4, accumulator.getStep());
            gradients.forEach((name, steps) -> {
                double[] expected = new double[steps.get(0).length];
                for (double[] gradient : steps) {
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = 0.999 * expected[i] + 0.001 * gradient[i] * gradient[i];
                    }
                }
                double largest = Arrays.stream(expected).max().orElseThrow();
                // The gradients are differences of float32 weights: good to 1e-7 / 1e-3 of the weights' size.
                assertArrayEquals(expected, squisher.diagonal().tensor(name).toDoubles(), 3e-3 * largest, name);
            });
        }
    }

    @Test
    void aPenaltyPullsAndStaysOutOfTheSquares() {
        Map<String, Tensor> start = before("mlp");
        Map<String, Tensor> free = trained(
                References.trainer(folder, "mlp").optimizer(Sgd.of(0.01)).epochs(10));
        Map<String, Tensor> held = trained(References.trainer(folder, "mlp")
                .optimizer(Sgd.of(0.01))
                .epochs(10)
                .penalty(Penalty.anchor(20)));
        double ratio = distance(start, held) / distance(start, free);
        assertTrue(ratio < 0.5, "held weights moved " + ratio + " times as far");
        try (FisherFile squisher = FisherFile.open(folder.resolve("tuned.squisher.safetensors"))) {
            assertFalse(squisher.diagonal().provenance().getAccumulator().getPenaltyActive());
        }
    }

    /** One step from the start, where the data's gradient is g and the penalty's λ s (θ − c), by hand. */
    @Test
    void aPenaltyHasTheGradientOfItsFormula() {
        Map<String, Tensor> start = before("mlp");
        Map<String, Tensor> free = trained(References.trainer(folder, "mlp")
                .optimizer(Sgd.of(0.01))
                .batchSize(36)
                .epochs(1));
        Map<String, Tensor> strength = new LinkedHashMap<>();
        Map<String, Tensor> centre = new LinkedHashMap<>();
        Tensor weights = start.get("0.weight");
        strength.put("0.weight", filled(weights.shape(), 3));
        centre.put("0.weight", filled(weights.shape(), 0.25));
        double[] penalty = {0};
        FisherDiagonal fisher = new FisherDiagonal(strength, Provenance.getDefaultInstance());
        Rescaling third = Rescaling.uniform(new Correction(0, 1.0 / 3), false, "a third", List.of());
        Map<String, Tensor> held = trained(References.trainer(folder, "mlp")
                .optimizer(Sgd.of(0.01))
                .batchSize(36)
                .epochs(1)
                .penalty(Penalty.ewc(6, fisher, third, centre))
                .penalty(new Penalty(1, Optional.of(strength), Optional.empty()))
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepReport report) {
                        penalty[0] = report.penalty();
                    }
                }));
        double expectedPenalty = 0;
        double[] from = weights.toDoubles();
        double[] plain = free.get("0.weight").toDoubles();
        double[] pulled = held.get("0.weight").toDoubles();
        for (int i = 0; i < from.length; i++) {
            assertEquals(plain[i] - 0.01 * 2 * 3 * (from[i] - 0.25), pulled[i], 1e-6, "entry " + i);
            expectedPenalty += 0.5 * 2 * 3 * (from[i] - 0.25) * (from[i] - 0.25);
        }
        assertEquals(expectedPenalty, penalty[0], 1e-4 * expectedPenalty);
        assertArrayEquals(free.get("2.weight").toFloats(), held.get("2.weight").toFloats());
    }

    /** After one step Adam's v is (1 − β₂) g² of whatever gradient it was given. */
    @Test
    void squaresOfTheDataAreKeptBesideAdamsWhereAPenaltyPulls() {
        trained(References.trainer(folder, "mlp")
                .optimizer(Adam.of(1e-3))
                .batchSize(36)
                .epochs(1));
        List<String> free = References.texts(folder.resolve("tuned.squisher.safetensors"));
        Tensor weights = before("mlp").get("0.weight");
        Map<String, Tensor> strength = Map.of("0.weight", filled(weights.shape(), 5));
        Map<String, Tensor> centre = Map.of("0.weight", filled(weights.shape(), 2));
        trained(References.trainer(folder, "mlp")
                .optimizer(Adam.of(1e-3))
                .batchSize(36)
                .epochs(1)
                .penalty(new Penalty(1, Optional.of(strength), Optional.of(centre))));
        assertEquals(free, References.texts(folder.resolve("tuned.squisher.safetensors")));
        try (FisherFile squisher = FisherFile.open(folder.resolve("tuned.squisher.safetensors"))) {
            assertEquals(
                    "own", squisher.diagonal().provenance().getAccumulator().getOptimizer());
        }
    }

    @Test
    void biasesAndNamedParametersDoNotDecay() {
        Map<String, Tensor> decayed = trained(References.trainer(folder, "mlp")
                .optimizer(AdamW.of(1e-3))
                .decay(0.5)
                .decayExcept("^2")
                .batchSize(36)
                .epochs(1));
        Map<String, Tensor> plain = trained(References.trainer(folder, "mlp")
                .optimizer(AdamW.of(1e-3))
                .batchSize(36)
                .epochs(1));
        plain.forEach((name, tensor) -> assertEquals(
                name.equals("0.weight") || name.equals("4.weight"),
                !Arrays.equals(tensor.toFloats(), decayed.get(name).toFloats()),
                name));
    }

    @Test
    void stepsHaveTheRatesOfTheirSchedule() {
        List<Double> rates = new ArrayList<>();
        References.trainer(folder, "mlp")
                .optimizer(Sgd.of(0.5))
                .schedule(new Schedule.Linear(0.5))
                .epochs(2)
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepReport report) {
                        rates.add(report.learningRate());
                    }
                })
                .train(folder.resolve("tuned.onnx"));
        Schedule linear = new Schedule.Linear(0.5);
        assertEquals(4, rates.size());
        for (int step = 1; step <= 4; step++) {
            assertEquals(0.5 * linear.factor(step, 4), rates.get(step - 1), 1e-12);
        }
        assertTrue(rates.get(0) < rates.get(1), rates.toString());
    }

    private static Tensor filled(Shape shape, double value) {
        double[] values = new double[(int) shape.size()];
        Arrays.fill(values, value);
        return Tensor.of(shape, values);
    }

    private static double distance(Map<String, Tensor> a, Map<String, Tensor> b) {
        double sum = 0;
        for (String name : a.keySet()) {
            double[] from = a.get(name).toDoubles();
            double[] to = b.get(name).toDoubles();
            for (int i = 0; i < from.length; i++) {
                sum += (from[i] - to[i]) * (from[i] - to[i]);
            }
        }
        return Math.sqrt(sum);
    }

    @Test
    void schedulesRiseAndFall() {
        Schedule linear = new Schedule.Linear(0.2);
        assertEquals(1.0 / 3, linear.factor(1, 10), 1e-12);
        assertEquals(2.0 / 3, linear.factor(2, 10), 1e-12);
        assertEquals(1, linear.factor(3, 10), 1e-12);
        assertEquals(1.0 / 8, linear.factor(10, 10), 1e-12);
        Schedule cosine = new Schedule.Cosine(0);
        assertEquals(1, cosine.factor(1, 10), 1e-12);
        assertEquals(0.5, cosine.factor(6, 10), 1e-12);
    }

    @Test
    void stopsEarlyWithTheBestEpochsWeights() {
        Examples data = References.data(folder, "mlp");
        Map<String, Tensor> turned = new LinkedHashMap<>(data.arrays());
        long[] labels = turned.get("labels").toLongs();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (labels[i] + 1) % 3;
        }
        turned.put("labels", Tensor.of(Shape.of(labels.length), labels));
        // What is learned makes the validation worse, sooner or later.
        TrainingResult result = References.trainer(folder, "mlp")
                .validation(Examples.of("turned", turned))
                .optimizer(Adam.of(1e-2))
                .epochs(50)
                .earlyStopping(2)
                .train(folder.resolve("tuned.onnx"));
        int epochs = result.history().size();
        assertTrue(epochs < 50, epochs + " epochs");
        assertEquals(epochs - 2, result.epoch());
        try (FisherFile squisher = FisherFile.open(result.squisher())) {
            assertEquals(
                    result.history().get(result.epoch() - 1).step(),
                    squisher.diagonal().provenance().getAccumulator().getStep());
            assertEquals(
                    squisher.diagonal().provenance().getWeightsHash(),
                    squisher.diagonal().hashOf(TorchReferenceTest.weights(result.model())::get));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Pooling.class,
            names = {"MEAN", "FIRST"})
    void aHeadIsPartOfTheModel(Pooling pooling) {
        OnnxTrainer trainer = OnnxTrainer.of(References.copy(folder, "transformer.onnx"))
                .examples(References.data(folder, "transformer"))
                .output("/layers.1/norm2/Add_1_output_0")
                .head(3, pooling)
                .optimizer(Adam.of(1e-2))
                .epochs(20);
        List<String> notices = new ArrayList<>();
        TrainingResult result = trainer.notices(notices::add).train(folder.resolve("tuned.onnx"));
        assertEquals(
                pooling == Pooling.MEAN,
                notices.stream().anyMatch(notice -> notice.contains("no input 'attention_mask'")),
                notices.toString());
        OnnxFile tuned = OnnxFile.read(result.model());
        assertEquals("logits", tuned.model().getGraph().getOutput(0).getName());
        double accuracy = result.history().get(19).training().metric();
        assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    }
}
