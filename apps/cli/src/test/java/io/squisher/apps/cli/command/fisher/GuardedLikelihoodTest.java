package io.squisher.apps.cli.command.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import io.squisher.format.npy.NpzWriter;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that takes a likelihood looks at outputs and labels in the same way. */
class GuardedLikelihoodTest {
    private static final int FLOAT = 1;

    @TempDir
    Path folder;

    private Path model;
    private Path output;

    /** {@code z = x W}, {@code y = HardSigmoid(z)}. */
    @BeforeEach
    void writeModel() {
        model = folder.resolve("model.onnx");
        output = folder.resolve("output.file");
        OnnxWriter.write(
                model,
                new ModelBuilder()
                        .nodes(List.of(
                                new Node("z", "MatMul", "", List.of("x", "w"), List.of("z"), Attributes.NONE),
                                new Node("y", "HardSigmoid", "", List.of("z"), List.of("y"), Attributes.NONE)))
                        .initializers(Map.of(
                                "w", OnnxTensors.write("w", Tensor.of(Shape.of(2, 3), 1f, -1f, 0.5f, 2f, 0f, -0.5f))))
                        .inputs(List.of(ModelBuilder.input("x", FLOAT, -1, 2)))
                        .output("y")
                        .build());
    }

    private Path data(Tensor labels) {
        Path path = folder.resolve("data.npz");
        NpzWriter.write(
                path, Map.of("x", Tensor.of(Shape.of(4, 2), 1f, 2f, 3f, 4f, -5f, 6f, 7f, -8f), "labels", labels));
        return path;
    }

    private Run run(String command, Path data, Object... options) {
        List<Object> words = new ArrayList<>();
        Path result = folder.resolve(command.equals("fisher") ? "out.safetensors" : "out.onnx");
        output = result;
        switch (command) {
            case "merge" ->
                words.addAll(List.of(
                        "merge",
                        "--method",
                        "average",
                        "--model",
                        model,
                        "--model",
                        model,
                        "--search",
                        "grid",
                        "--trials",
                        2,
                        "--validation",
                        data,
                        "-o",
                        result));
            case "evaluate" -> words.addAll(List.of("evaluate", model, "--data", data));
            default -> words.addAll(List.of(command, model, "--data", data, "-o", result));
        }
        words.addAll(List.of(options));
        return Run.of(words.toArray());
    }

    private static Tensor classes() {
        return Tensor.of(Shape.of(4), 0L, 1L, 2L, 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fisher", "fisher-graph", "evaluate", "merge"})
    void probabilitiesAreRefusedUnlessTheUserInsists(String command) {
        Path yesNo = data(Tensor.of(Shape.of(4, 3), new float[12]));
        Run refused = run(command, yesNo, "--likelihood", "bernoulli");
        assertEquals(1, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("lie within [0, 1]"), refused.err());
        assertFalse(Files.exists(output));
        Run insisted = run(command, yesNo, "--likelihood", "bernoulli", "--outputs-are-logits");
        assertEquals(0, insisted.exitCode(), insisted.err());
        Run inner = run(command, yesNo, "--likelihood", "bernoulli", "--output", "z");
        assertEquals(0, inner.exitCode(), inner.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fisher", "fisher-graph", "evaluate", "merge"})
    void labelsThatAreNoClassesAreRefusedByRow(String command) {
        Run refused = run(command, data(Tensor.of(Shape.of(4), 1f, 0f, 2.5f, 1f)), "--output", "z");
        assertEquals(1, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("row 2 holds 2.5"), refused.err());
        assertTrue(refused.err().contains("data.npz"), refused.err());
        assertTrue(refused.err().contains("--likelihood gaussian"), refused.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fisher", "fisher-graph", "evaluate", "merge"})
    void aColumnOfLabelsIsTakenAndOneHotIsExplained(String command) {
        Run column = run(command, data(Tensor.of(Shape.of(4, 1), 0L, 1L, 2L, 1L)), "--output", "z");
        assertEquals(0, column.exitCode(), column.err());
        Run oneHot = run(
                command,
                data(Tensor.of(Shape.of(4, 3), 1f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 1f, 0f, 1f, 0f)),
                "--output",
                "z");
        assertEquals(1, oneHot.exitCode());
        assertTrue(oneHot.err().contains("labels.argmax(axis=1)"), oneHot.err());
    }

    @Test
    void theProcessorIsNoNewsToWhoAsksForNoDevice() {
        Path data = data(classes());
        Run silent = run("fisher", data, "--output", "z");
        assertFalse(silent.err().contains("CUDA"), silent.err());
    }

    @Test
    void inspectListsWhatOutputTakes() {
        Run table = Run.of("inspect", "--graph", model);
        assertEquals(0, table.exitCode(), table.err());
        assertTrue(
                table.out().lines().anyMatch(line -> line.matches("z +MatMul +\\[.*, 3\\] +logits\\?")), table.out());
        assertTrue(
                table.out().lines().anyMatch(line -> line.matches("y +HardSigmoid +\\[.*, 3\\] +output")), table.out());
        JsonObject json = JsonParser.parseString(
                        Run.of("inspect", "--graph", model, "--json").out())
                .getAsJsonObject();
        assertEquals(2, json.getAsJsonArray("values").size());
    }

    @Test
    void theSignOfTheJointGradientIsStated() {
        String help = Run.of("fisher-graph", "--help").out().replaceAll("\\s+", " ");
        assertTrue(help.contains("of the log-likelihood"), help);
        assertTrue(help.contains("sums over the examples"), help);
    }
}
