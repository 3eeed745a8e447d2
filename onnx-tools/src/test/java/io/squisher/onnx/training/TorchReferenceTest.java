package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Optimizer;
import io.squisher.onnx.training.optimizer.RmsProp;
import io.squisher.onnx.training.optimizer.Sgd;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights and moments against PyTorch's on the same batches. */
class TorchReferenceTest {
    private static final Map<String, Optimizer> OPTIMIZERS = Map.of(
            "adam",
            Adam.of(1e-3),
            "adamw",
            new AdamW(new Adam(1e-2, 0.8, 0.95, 1e-8)),
            "adam-decay",
            Adam.of(1e-2),
            "rmsprop",
            new RmsProp(1e-2, 0.99, 1e-8, 0.5),
            "sgd",
            new Sgd(0.05, 0.9, false),
            "nesterov",
            new Sgd(0.05, 0.9, true),
            "clipped",
            Adam.of(1e-2),
            "smoothed",
            Adam.of(1e-2));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "cnn", "transformer"})
    void adamHasTheWeightsAndMomentsOfPyTorch(String model) {
        check(model, "adam", 10, 1e-5, OnnxTrainer::trainMode);
        check(model, "adam", 100, 1e-4, OnnxTrainer::trainMode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rmsprop", "nesterov", "smoothed", "clipped", "adamw", "adam-decay", "sgd"})
    void otherOptimizersAndSettingsHaveTheWeightsOfPyTorch(String name) {
        UnaryOperator<OnnxTrainer> settings = trainer -> switch (name) {
            case "smoothed" -> trainer.labelSmoothing(0.1);
            case "clipped" -> trainer.clip(0.2);
            case "adamw", "adam-decay" -> trainer.decay(0.1);
            case "sgd" -> trainer.decay(0.01);
            default -> trainer;
        };
        check("mlp", name, 10, 1e-5, settings);
        check("mlp", name, 20, 1e-4, settings);
    }

    @Test
    void lossesAreThoseOfPyTorch() {
        double[] expected = References.arrays(References.copy(folder, "mlp-adam.npz"))
                .get("losses")
                .toDoubles();
        int[] step = {0};
        References.trainer(folder, "mlp")
                .optimizer(OPTIMIZERS.get("adam"))
                .epochs(5)
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepReport report) {
                        assertEquals(expected[step[0]++], report.loss(), 1e-5);
                    }
                })
                .train(folder.resolve("tuned.onnx"));
        assertEquals(10, step[0]);
    }

    /** The running statistics of PyTorch have the variance of a sample, the standard's that of the population. */
    @Test
    void runningMeansAreThoseOfPyTorch() {
        Map<String, Tensor> expected = References.arrays(References.copy(folder, "cnn-adam.npz"));
        train("cnn", "adam", 10, OnnxTrainer::trainMode);
        Map<String, Tensor> weights = weights(folder.resolve("tuned.onnx"));
        double[] mean = expected.get("10|buffer|1.running_mean").toDoubles();
        assertClose("1.running_mean", mean, weights.get("1.running_mean").toDoubles(), 1e-4);
    }

    private void check(
            String model, String optimizer, int steps, double tolerance, UnaryOperator<OnnxTrainer> settings) {
        Map<String, Tensor> expected = References.arrays(References.copy(folder, model + "-" + optimizer + ".npz"));
        train(model, optimizer, steps, settings);
        Map<String, Tensor> seen = new LinkedHashMap<>();
        weights(folder.resolve("tuned.onnx")).forEach((name, tensor) -> seen.put("weights|" + name, tensor));
        try (SafetensorsFile state = SafetensorsFile.open(
                folder.resolve(steps + "-kept").resolve("ckpt-" + steps + ".training.safetensors"))) {
            state.tensors().forEach((name, tensor) -> seen.put(name.replaceFirst("/", "|"), copy(tensor)));
        }
        try (FisherFile squisher = FisherFile.open(folder.resolve("tuned.squisher.safetensors"))) {
            boolean ofOptimizer = !squisher.diagonal()
                    .provenance()
                    .getAccumulator()
                    .getOptimizer()
                    .equals("own");
            if (ofOptimizer) {
                squisher.diagonal().tensors().forEach((name, tensor) -> seen.put("v|" + name, copy(tensor)));
            }
        }
        int compared = 0;
        for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
            String[] parts = entry.getKey().split("\\|");
            if (parts[0].equals(Integer.toString(steps)) && seen.containsKey(parts[1] + "|" + parts[2])) {
                double[] actual = seen.get(parts[1] + "|" + parts[2]).toDoubles();
                assertClose(entry.getKey(), entry.getValue().toDoubles(), actual, tolerance);
                compared++;
            }
        }
        assertEquals(
                expected.keySet().stream()
                        .filter(key -> key.startsWith(steps + "|") && !key.contains("|buffer|"))
                        .count(),
                compared);
    }

    private void train(String model, String optimizer, int steps, UnaryOperator<OnnxTrainer> settings) {
        settings.apply(References.trainer(folder, model)
                        .optimizer(OPTIMIZERS.get(optimizer))
                        .checkpoints(folder.resolve(steps + "-kept"), Retention.last(1))
                        .epochs(steps / 2))
                .train(folder.resolve("tuned.onnx"));
    }

    private static Tensor copy(Tensor tensor) {
        return Tensor.of(tensor.shape(), tensor.toDoubles());
    }

    static Map<String, Tensor> weights(Path model) {
        Map<String, Tensor> weights = new HashMap<>();
        OnnxFile.read(model)
                .model()
                .getGraph()
                .getInitializerList()
                .forEach(tensor -> weights.put(tensor.getName(), OnnxTensors.read(tensor)));
        return weights;
    }

    /** Norm of the difference by the norm. The biases of keys have no gradient but rounding, which Adam blows up. */
    private static void assertClose(String name, double[] expected, double[] actual, double tolerance) {
        if (name.endsWith("key.bias")) {
            return;
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            norm += expected[i] * expected[i];
        }
        double error = Math.sqrt(difference / norm);
        assertTrue(error <= tolerance, name + ": the relative error is " + error);
    }
}
