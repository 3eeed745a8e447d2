package io.squisher.examples.samples;

import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.framework.optimizers.Adam;

/** The files that docs/formats.md speaks of, under the names that it uses. */
final class FormatSamples {
    /** The page's name of a file or folder, and the resource of that kind, which its own program wrote. */
    private static final Map<String, String> RESOURCES = Map.ofEntries(
            Map.entry("checkpoint.pt", "pytorch/adam.pt"),
            Map.entry("optimizer.pt", "pytorch/field/wrappers/plain.pt"),
            Map.entry("params.pt", "pytorch/field/wrappers/plain_model.pt"),
            Map.entry("lightning.ckpt", "pytorch/field/pl_class.ckpt"),
            Map.entry("checkpoint-60", "pytorch/field/adapter/checkpoint-60"),
            Map.entry("adapter_names.txt", "pytorch/field/adapter/names_default.txt"),
            Map.entry("compiled.pt", "pytorch/field/wrappers/prefix_orig_mod.pt"),
            Map.entry("bnb8.pt", "pytorch/field/bnb8_blocks.pt"),
            Map.entry("bnb8_model.pt", "pytorch/field/bnb8_model.pt"),
            Map.entry("adafactor.pt", "pytorch/field/adafactor_torch.pt"),
            Map.entry("adafactor_model.pt", "pytorch/field/adafactor_model.pt"),
            Map.entry("baselines.zip", "pytorch/field/baselines.zip"),
            Map.entry("checkpoint-700", "pytorch/distributed/accelerate"),
            Map.entry("step-1000", "pytorch/distributed/titan"),
            Map.entry("iter_0001000", "pytorch/distributed/megatron"),
            Map.entry("whole.pt", "pytorch/whole.pt"),
            Map.entry("unread.pt", "pytorch/unread.pt"),
            Map.entry("checkpoint-500", "pytorch/checkpoint-3"),
            Map.entry("global_step500", "pytorch/zero2/global_step3"),
            Map.entry("global_step500_universal", "pytorch/universal"),
            Map.entry("optimizer.bin", "pytorch/fsdp.pt"),
            Map.entry("older.keras", "keras_older/k3_4_named.keras"),
            Map.entry("scoped.index", "tf1/adam.index"),
            Map.entry("scoped.data-00000-of-00001", "tf1/adam.data-00000-of-00001"),
            Map.entry("model.keras", "keras3/nested.keras"),
            Map.entry("m.keras", "keras/plain.keras"),
            Map.entry("m.weights.h5", "keras/adam.weights.h5"),
            Map.entry("model.h5", "keras/legacy.h5"),
            Map.entry("state.msgpack", "flax/chain.msgpack"),
            Map.entry("cp.ckpt.index", "keras3/renamed.ckpt.index"),
            Map.entry("cp.ckpt.data-00000-of-00001", "keras3/renamed.ckpt.data-00000-of-00001"),
            Map.entry("weights.npz", "numpy/arrays.npz"));

    private FormatSamples() {}

    /** Writes them into a folder that is there. */
    static void write(Path folder) throws IOException {
        SampleResources.copy(RESOURCES, folder);
        LinearTraining.run(folder, Adam::new, "");
        tensorFlow1(folder.resolve("tf1.ckpt"));
        try (WeightSource weights = WeightFormats.open(folder.resolve("checkpoint.pt"))) {
            sorted(folder, weights);
            export(folder.resolve("model.onnx"), weights);
        }
    }

    /** A variable and its slots under the names of TensorFlow 1, after two steps of Adam. */
    private static void tensorFlow1(Path prefix) {
        Tensor values = Tensor.of(Shape.of(2), 1f, 2f);
        Map<String, Tensor> tensors = new TreeMap<>();
        for (String name : List.of("dense/kernel", "dense/kernel/Adam", "dense/kernel/Adam_1")) {
            tensors.put(name, values);
        }
        tensors.put("beta2_power", Tensor.of(Shape.of(), 0.999f * 0.999f * 0.999f));
        BundleWriter.write(prefix, tensors);
    }

    /** A Trainer's folder as it is written now: weights sorted by name; and the list of names that gives their order. */
    private static void sorted(Path folder, WeightSource weights) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve("checkpoint-600"));
        Files.copy(folder.resolve("checkpoint-500/optimizer.pt"), checkpoint.resolve("optimizer.pt"));
        Map<String, Tensor> tensors = new TreeMap<>();
        weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
        SafetensorsWriter.write(checkpoint.resolve("model.safetensors"), tensors, Map.of());
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Files.write(folder.resolve("names.txt"), weights.names());
    }

    /** The model as an exporter leaves it: matrices transposed and renamed. */
    private static void export(Path file, WeightSource weights) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder();
        int number = 10;
        for (String name : weights.names()) {
            Tensor tensor = weights.tensor(name);
            boolean matrix = tensor.shape().rank() == 2;
            String exported = matrix ? "onnx::MatMul_" + number++ : name;
            graph.addInitializer(OnnxTensors.write(exported, matrix ? StridedTensor.permuted(tensor, 1, 0) : tensor));
            graph.addNode(NodeProto.newBuilder().setOpType("Identity").addInput(exported));
        }
        graph.addOutput(ValueInfoProto.newBuilder().setName("y"));
        Files.write(
                file,
                ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray());
    }
}
