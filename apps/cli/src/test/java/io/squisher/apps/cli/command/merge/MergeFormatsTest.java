package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.format.npy.NpzWriter;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in several files, in and out. */
class MergeFormatsTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");

    @TempDir
    Path folder;

    private static void done(Object... words) {
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
    }

    /** A folder as Hugging Face writes it: two shards and an index. */
    private Path shardedFolder(String name, float first, float second) throws IOException {
        Path model = Files.createDirectory(folder.resolve(name));
        String one = "model-00001-of-00002.safetensors";
        String two = "model-00002-of-00002.safetensors";
        SafetensorsWriter.write(
                model.resolve(one), Map.of("embed", Tensor.of(Shape.of(2), first, first)), Map.of("format", "pt"));
        SafetensorsWriter.write(
                model.resolve(two), Map.of("head", Tensor.of(Shape.of(1), second)), Map.of("format", "pt"));
        Files.writeString(
                model.resolve("model.safetensors.index.json"),
                "{\"metadata\": {\"total_size\": 12}, \"weight_map\": {\"embed\": \"" + one + "\", \"head\": \"" + two
                        + "\"}}");
        return model;
    }

    @Test
    void foldersOfHuggingFaceGoInAndCanComeOut() throws IOException {
        Path a = shardedFolder("a", 1, 10);
        Path b = shardedFolder("b", 3, 30);
        Path one = folder.resolve("one.safetensors");
        Path sharded = Files.createDirectory(folder.resolve("merged")).resolve("model.safetensors.index.json");
        for (Path output : new Path[] {one, sharded}) {
            done("merge", "--method", "average", "--model", a, "--model", b, "-o", output);
            try (WeightSource merged = WeightFormats.open(output)) {
                assertArrayEquals(new float[] {2, 2}, merged.tensor("embed").toFloats());
                assertArrayEquals(new float[] {20}, merged.tensor("head").toFloats());
                assertEquals("pt", merged.metadata().get("format"));
                assertTrue(merged.metadata().get("squisher.merge").contains("average"));
            }
        }
        done("inspect", folder.resolve("merged"));
    }

    /** {@code x W} with W of 64 × 32 in a file beside the model: 8 KB, and smaller tensors may stay inside. */
    private Path external(String name, float value) throws IOException {
        float[] weights = new float[64 * 32];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = value * (i % 7 - 3);
        }
        Files.write(
                folder.resolve(name + ".weights"),
                Tensor.of(Shape.of(64, 32), weights).toBytes().array());
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName("W")
                .setDataType(1)
                .addDims(64)
                .addDims(32)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", name + ".weights"))
                .addExternalData(entry("offset", "0"))
                .addExternalData(entry("length", "8192"));
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("linear")
                .addInput(value("x", 64))
                .addOutput(value("y", 32))
                .addInitializer(tensor)
                .addNode(NodeProto.newBuilder()
                        .setName("product")
                        .setOpType("MatMul")
                        .addInput("x")
                        .addInput("W")
                        .addOutput("y"));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
        return Files.write(folder.resolve(name + ".onnx"), model.toByteArray());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ValueInfoProto value(String name, long width) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape)))
                .build();
    }

    @Test
    void externalDataGoesInAndComesOutAndRuns() throws IOException {
        Path output = folder.resolve("out.onnx");
        done("merge", "--method", "average", "--model", external("a", 1), "--model", external("b", 3), "-o", output);
        TensorProto merged = OnnxFile.read(output).model().getGraph().getInitializer(0);
        assertEquals(TensorProto.DataLocation.EXTERNAL, merged.getDataLocation());
        done("compare", external("mean", 2), output, "--rtol", "0");

        float[] x = new float[2 * 64];
        x[0] = 1;
        x[64 + 1] = 1;
        Path data = folder.resolve("data.npz");
        NpzWriter.write(
                data, Map.of("x", Tensor.of(Shape.of(2, 64), x), "labels", Tensor.of(Shape.of(2), new long[] {0, 1})));
        Run run = Run.of("evaluate", output, "--data", data, "--json");
        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void refusesAnOutputWhoseNameIsOfAnotherFormat() {
        Path output = folder.resolve("out.safetensors");
        Run run = Run.of("merge", "--method", "average", "--model", LENET, "--model", LENET, "-o", output);
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("out.safetensors': its name is that of a safetensors file"), run.err());
        assertFalse(Files.exists(output));
    }
}
