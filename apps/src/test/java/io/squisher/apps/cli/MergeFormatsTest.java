package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.squisher.apps.Fixtures;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.ByteArrayOutputStream;
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

    /** LeNet with the values of its initializers in a file beside it. */
    private Path external(String name) throws IOException {
        Path model = folder.resolve(name + ".onnx");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        ModelProto.Builder proto = OnnxFile.read(LENET).model().toBuilder();
        GraphProto.Builder graph = proto.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto old = graph.getInitializer(i);
            ByteString bytes = old.getRawData();
            if (bytes.isEmpty()) {
                continue;
            }
            graph.setInitializer(
                    i,
                    old.toBuilder()
                            .clearRawData()
                            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                            .addExternalData(entry("location", name + ".weights"))
                            .addExternalData(entry("offset", Integer.toString(data.size())))
                            .addExternalData(entry("length", Integer.toString(bytes.size()))));
            bytes.writeTo(data);
        }
        Files.write(folder.resolve(name + ".weights"), data.toByteArray());
        Files.write(model, proto.build().toByteArray());
        return model;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void externalDataGoesInAndComesOutAndRuns() throws IOException {
        Path output = folder.resolve("out.onnx");
        done("merge", "--method", "average", "--model", external("a"), "--model", LENET, "-o", output);
        ModelProto merged = OnnxFile.read(output).model();
        assertTrue(
                merged.getGraph().getInitializerList().stream()
                        .anyMatch(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL),
                "the weights stay outside");
        done("compare", LENET, output, "--rtol", "0");
        assertEquals(likelihood(LENET), likelihood(output), 1e-12);
    }

    private static double likelihood(Path model) {
        Run run = Run.of("evaluate", model, "--data", Fixtures.path("lenet_cnn/data.npz"), "--json");
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out())
                .getAsJsonObject()
                .get("log_likelihood")
                .getAsDouble();
    }

    @Test
    void refusesAnOutputWhoseNameIsOfAnotherFormat() {
        Path output = folder.resolve("out.safetensors");
        Run run = Run.of("merge", "--method", "average", "--model", LENET, "--model", LENET, "-o", output);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("out.safetensors': its name is that of a safetensors file"), run.err());
        assertFalse(Files.exists(output));
    }
}
