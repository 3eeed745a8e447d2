package io.squisher.examples.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.compare.Comparison;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.format.tensorflow.BundleFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.DeviceSpec.DeviceType;

/** Runs every template, shorter than its {@code main} does. TensorFlow's optimizers leave an order open: nothing is exact. */
class TemplatesTest {
    private static final Path PYTORCH = Path.of("../../protos/src/test/resources/pytorch");
    private static final Path KERAS = Path.of("../../protos/src/test/resources/keras");
    private static final Path LENET = Path.of("../../onnx-tools/src/test/resources/fixtures/lenet_cnn");

    @TempDir
    private Path folder;

    @Test
    void trainingLoopSavesASquisherThatBelongsToItsModel() {
        float loss = TrainingLoop.run(folder, 200);
        assertTrue(loss < 1, "the loss of guessing is 2.3, after 200 steps it is " + loss);
        try (FisherFile squisher = FisherFile.open(folder.resolve("model.squisher.safetensors"));
                WeightSource model = WeightFormats.open(folder.resolve("model.onnx"))) {
            assertEquals(200, squisher.diagonal().provenance().getAccumulator().getStep());
            assertEquals(
                    ContentHash.of(squisher.diagonal().names(), model::tensor),
                    squisher.diagonal().provenance().getWeightsHash());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Adam",
                "Nadam",
                "AdaGradDA",
                "RMSProp",
                "AdaGrad",
                "AdaDelta",
                "Ftrl",
                "Adamax",
                "Momentum",
                "SGD"
            })
    void threeLinesSaveTheSquaredGradientsOfAnyOptimizer(String optimizer) {
        try (FisherFile squisher = FisherFile.open(AnyOptimizer.run(folder.resolve("model"), optimizer, 40));
                BundleFile checkpoint = BundleFile.open(folder.resolve("model"))) {
            FisherDiagonal diagonal = squisher.diagonal();
            Accumulator accumulator = diagonal.provenance().getAccumulator();
            assertEquals(40, accumulator.getStep());
            assertEquals(32, accumulator.getBatchSize());
            assertEquals(4, diagonal.names().size());
            assertEquals(
                    ContentHash.of(diagonal.names(), checkpoint::tensor),
                    diagonal.provenance().getWeightsHash());
            // What is left of the start value is gone after correction: a pixel that is never lit has no gradient.
            var rescaling = FisherScale.BATCH.rescaling(diagonal.provenance(), optimizer);
            double[] kernel = Arrays.stream(diagonal.tensor("hidden.kernel").toDoubles())
                    .map(rescaling.of("hidden.kernel")::apply)
                    .toArray();
            double largest = Arrays.stream(kernel).max().orElseThrow();
            assertTrue(largest > 1e-4 && kernel[0] < 1e-3 * largest, optimizer + ": " + largest + ", " + kernel[0]);
        }
    }

    @Test
    void fisherMergingBeatsTheAverageAndTheModels() {
        Map<String, Double> percent = FisherMerging.run(folder, 400);
        assertTrue(percent.get("merged") > percent.get("average"), percent.toString());
        assertTrue(percent.get("merged") > Math.max(percent.get("a"), percent.get("b")) + 10, percent.toString());
        assertTrue(Files.exists(folder.resolve("merged.onnx")));
    }

    @Test
    void ubgmMergingBeatsTheModels() {
        Map<String, Double> percent = UbgmMerging.run(folder, 150);
        assertTrue(percent.get("merged") > Math.max(percent.get("a"), percent.get("b")) + 10, percent.toString());
        assertTrue(Files.exists(folder.resolve("merged.onnx")));
    }

    @Test
    void pruningByTheSquisherLosesLeast() {
        Map<String, Double> percent = Pruning.run(folder, 600);
        double mostPruned = percent.get("fisher 0.9");
        assertTrue(mostPruned > percent.get("magnitude 0.9") && mostPruned > percent.get("random 0.9"), "" + percent);
        assertTrue(percent.get("fisher 0.5") > percent.get("whole") - 5, percent.toString());
    }

    @Test
    void fewParametersOfAFishMaskLearnMoreThanRandomOnes() {
        Map<String, Double> percent = FishMask.run(folder, 150);
        assertTrue(percent.get("2 % by fisher") > percent.get("2 % by random") + 5, percent.toString());
        assertTrue(percent.get("2 % by fisher") > percent.get("nothing") + 50, percent.toString());
        try (BundleFile base = BundleFile.open(folder.resolve("base"));
                BundleFile masked = BundleFile.open(folder.resolve("fisher"))) {
            long moved = 0;
            long all = 0;
            for (String layer : List.of("hidden1", "hidden2", "output")) {
                for (String name : List.of(layer + ".kernel", layer + ".bias")) {
                    float[] before = base.tensor(name).toFloats();
                    float[] after = masked.tensor(name).toFloats();
                    for (int i = 0; i < before.length; i++) {
                        moved += Float.floatToIntBits(before[i]) == Float.floatToIntBits(after[i]) ? 0 : 1;
                    }
                    all += before.length;
                }
            }
            assertTrue(moved > 0 && moved <= Math.round(0.02 * all), moved + " of " + all + " moved");
        }
    }

    @Test
    void likeTasksHaveNearEmbeddings() {
        NearestSources nearest = new NearestSources(Task2Vec.run(folder, 200));
        assertEquals("0 1 3", nearest.sourcesFor("0 1 2").get(0));
        assertEquals("6 7 9", nearest.sourcesFor("6 7 8").get(0));
    }

    @Test
    void ewcRemembersEarlierTasks() {
        List<Double> free = Ewc.run(folder, 0, 3, 150);
        List<Double> held = Ewc.run(folder, 100, 3, 150);
        assertTrue(held.get(0) > free.get(0) + 5, free + " without, " + held + " with the penalty");
        assertTrue(Ewc.mean(held) > Ewc.mean(free), free + " without, " + held + " with the penalty");
    }

    @Test
    void resumedTrainingGoesOnFromTheNewestPair() {
        assertEquals(0, ResumeTraining.run(folder, 250));
        assertEquals(200, ResumeTraining.run(folder, 320));
        assertEquals(300, ResumeTraining.run(folder, 300));
        assertTrue(Files.exists(folder.resolve("ckpt-300.squisher.safetensors")));
    }

    @Test
    void checkpointsOfPyTorchAndOfKerasAreMerged() {
        assertMergedBetween(PYTORCH.resolve("adam.pt"), PYTORCH.resolve("rmsprop.pt"));
        assertMergedBetween(KERAS.resolve("plain.keras"), KERAS.resolve("rmsprop.keras"));
    }

    /** A weighted mean lies between its values, and here not in the middle. */
    private void assertMergedBetween(Path first, Path second) {
        Path target = folder.resolve("merged.safetensors");
        MergePlan plan = CheckpointToMerge.run(first.toString(), second.toString(), target);
        boolean weighted = false;
        try (Checkpoint a = CheckpointFormats.open(first);
                Checkpoint b = CheckpointFormats.open(second);
                WeightSource merged = WeightFormats.open(target)) {
            for (String name : plan.tensors().keySet()) {
                double[] from = a.weights().orElseThrow().tensor(name).toDoubles();
                double[] to = b.weights().orElseThrow().tensor(name).toDoubles();
                double[] between = merged.tensor(name).toDoubles();
                for (int i = 0; i < between.length; i++) {
                    double low = Math.min(from[i], to[i]) - 1e-6;
                    double high = Math.max(from[i], to[i]) + 1e-6;
                    assertTrue(between[i] >= low && between[i] <= high, name + "[" + i + "] of " + target);
                    weighted |= Math.abs(between[i] - (from[i] + to[i]) / 2) > 0.01 * Math.abs(from[i] - to[i]) + 1e-6;
                }
            }
        }
        assertTrue(weighted, "it is the plain average of " + first + " and " + second);
    }

    @Test
    void theFisherOfAModelFromTheWildIsWhatPyTorchComputed() {
        Path target = folder.resolve("fisher.safetensors");
        FisherDiagonal computed = OnnxFisher.run(LENET.resolve("model.onnx"), LENET.resolve("data.npz"), target);
        try (FisherFile expected = FisherFile.open(LENET.resolve("fisher_exact.safetensors"))) {
            Map<String, Tensor> tensors = expected.diagonal().tensors();
            assertEquals(tensors.keySet(), computed.tensors().keySet());
            double error =
                    Comparison.of(tensors, computed.tensors(), 0.1).overall().relativeError();
            assertTrue(error < 1e-3, "relative error " + error);
        }
        assertTrue(Files.exists(target));
    }

    @Test
    void withoutAGpuTrainingRunsOnTheProcessor() {
        PrintStream errors = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        DeviceType device;
        try {
            device = GpuTraining.run(folder, 7, 20);
        } finally {
            System.setErr(errors);
        }
        assertTrue(
                said.toString(StandardCharsets.UTF_8).startsWith("no GPU 7 that TensorFlow can use"), said.toString());
        assertEquals(DeviceType.CPU, device, "this machine has eight GPUs");
        try (FisherFile squisher = FisherFile.open(folder.resolve("model.squisher.safetensors"))) {
            assertEquals(20, squisher.diagonal().provenance().getAccumulator().getStep());
        }
    }

    @Test
    void textsOfOneKindAreNearToASentenceEncoder() throws IOException {
        Path model = unpacked("all-minilm-l6-v2.onnx");
        Path tokenizer = unpacked("all-minilm-l6-v2-tokenizer.json");
        // "The embedding model says: unaffable." as the reference tokenizer cuts it.
        assertEquals(
                List.of(1996L, 7861L, 8270L, 4667L, 2944L, 2758L, 1024L, 14477L, 20961L, 3468L, 1012L),
                WordPieces.read(tokenizer).pieces("The embedding model says: unaffable."));
        Path soups = text("soups", "Boil the onions in butter until soft.", "Add salt and stir the soup slowly.");
        Path cakes = text("cakes", "Beat the eggs with butter and sugar.", "Bake the cake until it is brown.");
        Path football = text("football", "The striker scored in the last minute.", "The team lost the final again.");
        TaskDistances distances = TextTasks.run(model, tokenizer, List.of(soups, football, cakes));
        assertEquals(List.of("cakes", "football"), new NearestSources(distances).sourcesFor("soups"));
    }

    @Test
    void everyMainRuns() throws IOException {
        String steps = "4";
        TrainingLoop.main(arguments("loop", steps));
        AnyOptimizer.main(arguments("any", "Ftrl", steps));
        FisherMerging.main(arguments("fisher-merging", steps));
        UbgmMerging.main(arguments("ubgm-merging", steps));
        Pruning.main(arguments("pruning", steps));
        FishMask.main(arguments("fish-mask", steps));
        Task2Vec.main(arguments("task2vec", steps));
        Ewc.main(arguments("ewc", steps));
        ResumeTraining.main(arguments("resume", steps));
        GpuTraining.main(arguments("gpu", "7", steps));
        // Without files these say which they want.
        CheckpointToMerge.main(new String[0]);
        OnnxFisher.main(new String[0]);
        TextTasks.main(new String[0]);
        try (Stream<Path> made = Files.list(folder)) {
            assertEquals(10, made.count());
        }
    }

    private String[] arguments(String name, String... others) {
        List<String> arguments = new ArrayList<>(List.of(folder.resolve(name).toString()));
        arguments.addAll(List.of(others));
        return arguments.toArray(String[]::new);
    }

    private Path text(String name, String... sentences) throws IOException {
        return Files.write(folder.resolve(name), List.of(sentences));
    }

    private Path unpacked(String resource) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream bytes = TemplatesTest.class.getResourceAsStream("/" + resource)) {
            Files.copy(bytes, file);
        }
        return file;
    }
}
