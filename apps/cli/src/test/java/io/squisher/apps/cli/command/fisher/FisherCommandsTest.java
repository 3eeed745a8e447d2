package io.squisher.apps.cli.command.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.format.npy.NpzWriter;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fisher} and {@code fisher-graph} on a model {@code y = (scale · x) W}, whose scale all examples share. */
class FisherCommandsTest {
    private static final int FLOAT = 1;

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void writeModel() {
        model = folder.resolve("scaled.onnx");
        OnnxWriter.write(
                model,
                new ModelBuilder()
                        .nodes(List.of(
                                new Node("s", "Mul", "", List.of("x", "scale"), List.of("s"), Attributes.NONE),
                                new Node("y", "MatMul", "", List.of("s", "w"), List.of("y"), Attributes.NONE)))
                        .initializers(Map.of(
                                "w", OnnxTensors.write("w", Tensor.of(Shape.of(2, 3), 1f, -1f, 0.5f, 2f, 0f, -0.5f))))
                        .inputs(List.of(ModelBuilder.input("x", FLOAT, -1, 2), ModelBuilder.input("scale", FLOAT, 1)))
                        .output("y")
                        .build());
    }

    private Path data(String name, float factor, Tensor scale) {
        float[] x = {1, 2, 3, 4, 5, 6, 7, 8};
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor / 8;
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("x", Tensor.of(Shape.of(4, 2), x));
        arrays.put("scale", scale);
        arrays.put("labels", Tensor.of(Shape.of(4), 0L, 1L, 2L, 1L));
        Path path = folder.resolve(name + ".npz");
        NpzWriter.write(path, arrays);
        return path;
    }

    /** No module that knows Spark is on the class path of these tests. */
    @Test
    void sparkIsTheUsers() {
        Run run = Run.of(
                "fisher", model, "--spark", "local", "--data", "a.parquet", "-o", folder.resolve("f.safetensors"));
        assertEquals(1, run.exitCode());
        assertEquals(
                "squisher: --spark needs Apache Spark, which is not on the class path: set SPARK_HOME to the folder of Spark 3.5 or 4\n",
                run.err());
    }

    @Test
    void anArrayOfAllExamplesIsNamed() {
        Path shared = data("shared", 1, Tensor.of(Shape.of(1), 2f));
        Run unnamed = Run.of("fisher", model, "--data", shared, "-o", folder.resolve("unnamed.safetensors"));
        assertEquals(1, unnamed.exitCode());
        assertTrue(unnamed.err().contains("--shared"), unnamed.err());
        assertFalse(Files.exists(folder.resolve("unnamed.safetensors")));

        double[] named = fisher(shared);
        assertArrayEquals(fisher(data("scaled", 2, Tensor.of(Shape.of(1), 1f))), named, 1e-9);
        assertTrue(named[0] > 0);
    }

    private double[] fisher(Path data) {
        Path output = folder.resolve("fisher.safetensors");
        Run run = Run.of("fisher", model, "--data", data, "--shared", "scale", "--device", "cpu", "-o", output);
        assertEquals(0, run.exitCode(), run.err());
        try (FisherFile file = FisherFile.open(output)) {
            return file.diagonal().tensor("w").toDoubles();
        }
    }

    @Test
    void theGraphIsWrittenWithItsInputs() {
        Path graph = folder.resolve("graph.onnx");
        Path shared = data("shared", 1, Tensor.of(Shape.of(1), 2f));
        Run run = Run.of("fisher-graph", model, "--data", shared, "--shared", "scale", "-o", graph);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("outputs 'squisher.fisher/w'"), run.out());
        assertEquals(
                List.of("x", "labels"),
                OnnxFile.read(graph).model().getGraph().getInputList().stream()
                        .map(input -> input.getName())
                        .toList());
    }

    @Test
    void aGraphDrawsNoLabels() {
        Path graph = folder.resolve("graph.onnx");
        Path shared = data("shared", 1, Tensor.of(Shape.of(1), 2f));
        Run run =
                Run.of("fisher-graph", model, "--data", shared, "--shared", "scale", "--kind", "sampled", "-o", graph);
        assertEquals(1, run.exitCode());
        assertEquals(
                1,
                run.err().lines().filter(line -> line.startsWith("squisher:")).count(),
                run.err());
        assertFalse(Files.exists(graph));
    }

    @Test
    void aBatchBeyondTheDataIsSaid() {
        Path data = data("four", 1, Tensor.of(Shape.of(1), 2f));
        for (String[] batch : new String[][] {{"5", "all 4 are one batch"}, {"4", ""}}) {
            Path out = folder.resolve("batch" + batch[0] + ".safetensors");
            Run run = Run.of("fisher", model, "--data", data, "--shared", "scale", "--batch-size", batch[0], "-o", out);
            assertEquals(0, run.exitCode(), run.err());
            assertEquals(batch[0].equals("5"), run.err().contains("more than there are examples"), run.err());
            assertTrue(run.err().contains(batch[1]), run.err());
            assertTrue(run.out().contains("Fisher of 1 tensor over 4 examples"), run.out());
        }
    }
}
