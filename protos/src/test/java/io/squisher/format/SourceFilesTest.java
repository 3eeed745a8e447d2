package io.squisher.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {
    private static final Map<String, Tensor> TENSORS = Map.of("w", Tensor.of(Shape.of(2), 1f, 2f));

    @TempDir
    Path folder;

    private static Set<String> names(Collection<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }

    @Test
    void aShardedModelIsItsIndexAndItsShards() throws IOException {
        Path index = Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                "{\"weight_map\": {\"a\": \"m-1.bin\", \"b\": \"m-2.bin\", \"c\": \"m-1.bin\"}}");
        assertEquals(Set.of("pytorch_model.bin.index.json", "m-1.bin", "m-2.bin"), names(SourceFiles.of(index)));
    }

    @Test
    void aCheckpointOfTensorFlowIsTheSameByEachOfItsNames() {
        BundleWriter.write(folder.resolve("ckpt-1"), TENSORS);
        BundleWriter.write(folder.resolve("ckpt-10"), TENSORS);
        Set<String> files = Set.of("ckpt-1.index", "ckpt-1.data-00000-of-00001");
        assertEquals(files, names(SourceFiles.of(folder.resolve("ckpt-1.index"))));
        assertEquals(files, names(SourceFiles.of(folder.resolve("ckpt-1.data-00000-of-00001"))));
        Set<String> byPrefix = names(SourceFiles.of(folder.resolve("ckpt-1")));
        assertEquals(Set.of("ckpt-1", "ckpt-1.index", "ckpt-1.data-00000-of-00001"), byPrefix);
        assertEquals(files, names(TargetFiles.of(folder.resolve("ckpt-1.index"))));
    }

    @Test
    void anOnnxModelHasTheDataThatItNamesWhateverItIsCalled() throws IOException {
        for (String name : new String[] {"m.onnx", "model"}) {
            Path model = Files.write(folder.resolve(name), externalModel("weights.bin"));
            assertEquals(Set.of(name, "weights.bin"), names(SourceFiles.of(model)));
        }
        Set<String> touched = names(TargetFiles.of(folder.resolve("m.onnx")));
        assertEquals(Set.of("m.onnx", "m.onnx.data", "weights.bin"), touched);
    }

    private static byte[] externalModel(String location) {
        TensorProto tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .addInitializer(tensor)
                .addOutput(ValueInfoProto.newBuilder().setName("y"))
                .build();
        return ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
    }

    @Test
    void aFolderIsAllThatIsInIt() throws IOException {
        Path sub = Files.createDirectories(folder.resolve("model/variables"));
        Files.writeString(sub.resolve("variables.index"), "x");
        Files.writeString(folder.resolve("model/saved_model.pb"), "x");
        assertEquals(
                Set.of("model", "variables.index", "saved_model.pb"), names(SourceFiles.of(folder.resolve("model"))));
    }

    @Test
    void whatIsMissingOrDamagedIsItselfAlone() throws IOException {
        Path damaged = Files.writeString(folder.resolve("x.safetensors.index.json"), "{");
        Path model = Files.write(folder.resolve("x.onnx"), new byte[] {8, 8, -1});
        for (Path path : new Path[] {damaged, model, folder.resolve("missing.onnx")}) {
            assertEquals(Set.of(path), SourceFiles.of(path));
        }
    }

    @Test
    void shardsOfAnOlderModelAreTouched() {
        Path single = folder.resolve("one.safetensors");
        SafetensorsWriter.write(single, TENSORS, Map.of());
        Path index = folder.resolve("many.safetensors.index.json");
        try (WeightSource source = WeightFormats.open(single)) {
            source.format().write(index, source, Map.of(), Map.of());
        }
        assertEquals(
                Set.of("many.safetensors.index.json", "many-00001-of-00001.safetensors"), names(TargetFiles.of(index)));
        assertEquals(TargetFiles.of(index).size(), SourceFiles.of(index).size());
    }
}
