package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.apps.cli.option.FileKind;
import io.squisher.apps.cli.option.TrainedFiles;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.npy.NpzWriter;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.Provenance;
import io.squisher.report.PageFile;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
    private static final int FLOAT = 1;
    private static final float[] START = {0.5f, -0.25f, 0.1f, 0.2f, 0f, -0.5f};

    @TempDir
    Path folder;

    private Path model;
    private Path data;
    private Path tuned;

    /** {@code y = x W}, two features and three classes: one step of gradient descent is computed by hand below. */
    @BeforeEach
    void writeFiles() {
        model = folder.resolve("model.onnx");
        data = folder.resolve("data.npz");
        tuned = folder.resolve("tuned.onnx");
        OnnxWriter.write(
                model,
                new ModelBuilder()
                        .nodes(List.of(new Node("y", "MatMul", "", List.of("x", "w"), List.of("y"), Attributes.NONE)))
                        .initializers(Map.of("w", OnnxTensors.write("w", Tensor.of(Shape.of(2, 3), START))))
                        .inputs(List.of(ModelBuilder.input("x", FLOAT, -1, 2)))
                        .output("y")
                        .build());
        write(data, 0, 2, 1);
    }

    private static void write(Path file, long... labels) {
        NpzWriter.write(
                file,
                Map.of(
                        "x",
                        Tensor.of(Shape.of(3, 2), 1f, 2f, -1f, 0.5f, 3f, -2f),
                        "labels",
                        Tensor.of(Shape.of(3), labels)));
    }

    private Run train(Object... more) {
        return Run.of(Stream.concat(
                        Stream.of("train", model, "--data", data, "-o", tuned, "--learning-rate", "0.1"),
                        Stream.of(more))
                .toArray());
    }

    private static double[] weights(Path file, String name) {
        try (WeightSource source = WeightFormats.open(file)) {
            return source.tensor(name).toDoubles();
        }
    }

    /** The mean gradient over the three examples: {@code xᵀ (softmax(x W) − onehot) / 3}. */
    private static double[] gradient() {
        double[][] x = {{1, 2}, {-1, 0.5}, {3, -2}};
        int[] labels = {0, 2, 1};
        double[] gradient = new double[6];
        for (int n = 0; n < 3; n++) {
            double[] p = new double[3];
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                p[c] = Math.exp(x[n][0] * START[c] + x[n][1] * START[3 + c]);
                sum += p[c];
            }
            for (int c = 0; c < 3; c++) {
                double error = p[c] / sum - (labels[n] == c ? 1 : 0);
                gradient[c] += x[n][0] * error / 3;
                gradient[3 + c] += x[n][1] * error / 3;
            }
        }
        return gradient;
    }

    @Test
    void oneStepOfDescentIsTheOneComputedByHand() {
        Run run = train("--optimizer", "sgd", "--epochs", "1");
        assertEquals(0, run.exitCode(), run.err());
        double[] gradient = gradient();
        double[] trained = weights(tuned, "w");
        for (int i = 0; i < 6; i++) {
            assertEquals(START[i] - 0.1 * gradient[i], trained[i], 1e-6);
        }
    }

    @Test
    void everyOutputIsWrittenAndNamed() throws IOException {
        Run run = train("--epochs", "2", "--validation", data, "--json");
        assertEquals(0, run.exitCode(), run.err());
        TrainedFiles files = TrainedFiles.of(tuned);
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(tuned.toString(), document.get("output").getAsString());
        assertEquals(files.squisher().toString(), document.get("squisher").getAsString());
        assertEquals(FileKind.PNG, FileKind.of(files.curves()));
        try (FisherFile squisher = FisherFile.open(files.squisher())) {
            assertEquals(
                    Provenance.Kind.ACCUMULATOR,
                    squisher.diagonal().provenance().getKind());
        }
        List<String> lines = Files.readAllLines(files.history());
        assertEquals(
                "epoch,steps,training_loss,training_accuracy,validation_loss,validation_accuracy,seconds",
                lines.get(0));
        assertEquals(3, lines.size());
        JsonArray history = document.getAsJsonArray("history");
        for (int i = 0; i < 2; i++) {
            String[] cells = lines.get(i + 1).split(",");
            JsonObject row = history.get(i).getAsJsonObject();
            assertEquals(Integer.toString(i + 1), cells[0]);
            assertEquals(row.get("validation_loss").getAsDouble(), Double.parseDouble(cells[4]), 1e-6);
        }
        assertTrue(run.err().contains("epoch 2 of 2: loss "), run.err());
    }

    @Test
    void thePageHasTheNumbersOfTheHistory() throws IOException {
        Path page = folder.resolve("training.html");
        Run run = train("--epochs", "3", "--batch-size", "2", "--validation", data, "--json", "--report", page);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.readString(page).contains("\"kind\":\"lines\""));
        JsonObject results = results(page);
        assertEquals("train", results.get("command").getAsString());
        JsonArray epochs = results.getAsJsonObject("tables").getAsJsonArray("epochs");
        JsonArray history = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("history");
        assertEquals(3, epochs.size());
        for (int i = 0; i < 3; i++) {
            JsonObject row = history.get(i).getAsJsonObject();
            JsonObject shown = epochs.get(i).getAsJsonObject();
            for (String score : new String[] {"training_loss", "training_accuracy", "validation_loss", "steps"}) {
                assertEquals(row.get(score).getAsDouble(), shown.get(score).getAsDouble(), score);
            }
        }
        JsonArray steps = results.getAsJsonArray("steps");
        assertEquals(6, steps.size());
        double first = (steps.get(0).getAsJsonObject().get("loss").getAsDouble() * 2
                        + steps.get(1).getAsJsonObject().get("loss").getAsDouble())
                / 3;
        assertEquals(epochs.get(0).getAsJsonObject().get("training_loss").getAsDouble(), first, 1e-6);
        assertEquals(0.1, steps.get(5).getAsJsonObject().get("learning_rate").getAsDouble());
        String words = Files.readString(page);
        assertTrue(words.contains("accumulator of AdamW (v), decay 0.999, step 6, batch of 2"), "no provenance");
        assertTrue(words.contains("--learning-rate 0.1 --epochs 3 --batch-size 2 --json"), "no options");
    }

    @Test
    void thePageOfAResumedTrainingSaysWhichStepsItDoesNotKnow() throws IOException {
        Path kept = folder.resolve("kept");
        Path page = folder.resolve("training.html");
        assertEquals(0, train("--epochs", "2", "--checkpoints", kept).exitCode());
        Run run = train("--epochs", "4", "--checkpoints", kept, "--resume", "--report", page);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.readString(page).contains("This run went on after step 2"));
        JsonObject results = results(page);
        assertEquals(
                4, results.getAsJsonObject("tables").getAsJsonArray("epochs").size());
        assertEquals(2, results.getAsJsonArray("steps").size());
    }

    private static JsonObject results(Path page) throws IOException {
        return JsonParser.parseString(Files.readString(PageFile.resultsBeside(page)))
                .getAsJsonObject();
    }

    @Test
    void whatIsScoredIsWhatEvaluateScores() {
        Run run = train("--epochs", "1", "--validation", data, "--json");
        Run scored = Run.of("evaluate", tuned, "--data", data, "--json");
        double loss = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonArray("history")
                .get(0)
                .getAsJsonObject()
                .get("validation_loss")
                .getAsDouble();
        JsonObject scores = JsonParser.parseString(scored.out()).getAsJsonObject();
        assertEquals(-scores.get("log_likelihood").getAsDouble(), loss, 1e-5);
    }

    @Test
    void aNewHeadHasSoManyClasses() {
        write(data, 0, 4, 3);
        Run run = train("--epochs", "1", "--head", "5");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("2 of 5 classes have no example in the training data: [1, 2]"), run.err());
    }

    @Test
    void frozenWeightsKeepTheirBits() {
        Run all = train("--epochs", "1", "--freeze", "w");
        assertEquals(1, all.exitCode());
        assertTrue(all.err().contains("are frozen"), all.err());
        Run frozen = train("--epochs", "1", "--freeze", "^w$", "--head", "3");
        assertEquals(0, frozen.exitCode(), frozen.err());
        double[] kept = weights(tuned, "w");
        for (int i = 0; i < 6; i++) {
            assertEquals(START[i], (float) kept[i]);
        }
    }

    @Test
    void aStrongPenaltyHoldsTheWeights() {
        double[] free = trainedFor20Epochs();
        double[] held = trainedFor20Epochs("--lambda", "1000");
        double moved = 0;
        double stayed = 0;
        for (int i = 0; i < 6; i++) {
            moved = Math.max(moved, Math.abs(free[i] - START[i]));
            stayed = Math.max(stayed, Math.abs(held[i] - START[i]));
        }
        assertTrue(stayed < moved / 10, stayed + " against " + moved);
    }

    private double[] trainedFor20Epochs(String... more) {
        List<Object> words = new ArrayList<>(List.of("--epochs", "20", "--optimizer", "sgd", "--learning-rate=0.001"));
        words.addAll(List.of(more));
        Run run = Run.of(Stream.concat(Stream.of("train", model, "--data", data, "-o", tuned), words.stream())
                .toArray());
        assertEquals(0, run.exitCode(), run.err());
        return weights(tuned, "w");
    }

    @Test
    void aTrainingGoesOnToTheSameBits() throws IOException {
        Path kept = folder.resolve("kept");
        Path whole = folder.resolve("whole.onnx");
        Run straight = Run.of("train", model, "--data", data, "--epochs", "4", "-o", whole);
        assertEquals(0, straight.exitCode(), straight.err());
        Object[] first = {"train", model, "--data", data, "--epochs", "2", "--checkpoints", kept, "-o", tuned};
        assertEquals(0, Run.of(first).exitCode());
        Run refused = Run.of("train", model, "--data", data, "--epochs", "4", "--checkpoints", kept, "-o", tuned);
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("has checkpoints of a training"), refused.err());
        Run resumed =
                Run.of("train", model, "--data", data, "--epochs", "4", "--checkpoints", kept, "--resume", "-o", tuned);
        assertEquals(0, resumed.exitCode(), resumed.err());
        assertEquals(Files.mismatch(whole, tuned), -1);
        assertEquals(5, Files.readAllLines(TrainedFiles.of(tuned).history()).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--pool mean|--pool goes with --head",
                "--resume|--resume goes with --checkpoints",
                "--checkpoint-every 2|--checkpoint-every goes with --checkpoints",
                "--patience 2|--patience goes with --validation",
                "--warm-up 0.1|--warm-up goes with --schedule linear or cosine",
                "--momentum 0.9|--momentum goes with --optimizer rmsprop or sgd",
                "--anchor model.onnx|--anchor goes with --ewc",
                "--ewc f.safetensors|--ewc needs --lambda",
                "--label-smoothing 1|--label-smoothing takes a number of at least 0 and below 1",
                "--epochs 0|--epochs takes a whole number from 1",
            })
    void optionsThatMeanNothingAreWrongUsage(String words, String message) {
        Run run = train((Object[]) words.split(" "));
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    @Test
    void labelsBeyondTheClassesAreRefused() {
        write(data, 0, 3, 1);
        assertRefused(train(), "row 1 holds 3", "from 0 to 2");
        assertRefused(train("--head", "2"), "row 1 holds 3", "from 0 to 1");
    }

    @Test
    void aLossThatIsNoNumberNamesItsStepAndTheLastCheckpoint() {
        Path kept = folder.resolve("kept");
        Run run = Run.of(
                "train",
                model,
                "--data",
                data,
                "--epochs",
                "50",
                "--optimizer",
                "sgd",
                "--learning-rate",
                "1e38",
                "--checkpoints",
                kept,
                "--quiet",
                "-o",
                tuned);
        assertRefused(run, "at step", "the training diverged", "the last checkpoint is '" + kept.resolve("ckpt-"));
        assertFalse(Files.exists(tuned));
        assertFalse(Files.exists(TrainedFiles.of(tuned).history()));
    }

    @Test
    void aSquisherIsNoPenalty() {
        assertEquals(0, train("--epochs", "1").exitCode());
        Path next = folder.resolve("next.onnx");
        Run run = Run.of(
                "train",
                model,
                "--data",
                data,
                "--ewc",
                TrainedFiles.of(tuned).squisher(),
                "--lambda",
                "1",
                "-o",
                next);
        assertRefused(run, "is a Squisher", "'squisher ewc' makes a penalty of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"squisher.safetensors", "history.csv", "curves.png"})
    void aFileOfAnotherKindBesideTheModelIsReplacedByForceAlone(String suffix) throws IOException {
        Path beside = folder.resolve("tuned." + suffix);
        Files.copy(model, beside);
        assertRefused(train("--epochs", "1"), "cannot write '" + beside + "': there is an ONNX model");
        Run forced = train("--epochs", "1", "--force");
        assertEquals(0, forced.exitCode(), forced.err());
    }

    @Test
    void aDataFileBesideTheModelIsNeverReplaced() throws IOException {
        Path squisher = TrainedFiles.of(tuned).squisher();
        Files.copy(Fixtures.path("mlp_relu/fisher_exact.safetensors"), squisher);
        Run run = train("--ewc", squisher, "--lambda", "1");
        assertRefused(run, "cannot write '" + tuned + "'", "is the input '" + squisher);
    }

    @Test
    void aDryRunTellsWhatItWouldTrain() {
        Path kept = folder.resolve("kept");
        Run run = train("--epochs", "4", "--batch-size", "2", "--checkpoints", kept, "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                "dry run: would train 1 parameter of 6 elements, over 3 examples in 8 steps",
                run.out().strip());
        assertFalse(Files.exists(kept));
        assertFalse(Files.exists(tuned));
    }

    private static void assertRefused(Run run, String... words) {
        assertEquals(1, run.exitCode(), run.err());
        List<String> lines =
                run.err().lines().filter(line -> line.startsWith("squisher: ")).toList();
        assertEquals(1, lines.size(), run.err());
        for (String word : words) {
            assertTrue(lines.get(0).contains(word), run.err());
        }
        assertFalse(run.err().contains("\tat "), run.err());
    }
}
