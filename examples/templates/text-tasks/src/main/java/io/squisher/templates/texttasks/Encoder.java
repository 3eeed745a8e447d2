package io.squisher.templates.texttasks;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The sentence encoder all-MiniLM-L6-v2, which comes in a jar. */
final class Encoder {
    private static final String NAME = "all-minilm-l6-v2";

    /** The standard's number of the element type. */
    private static final int INT64 = 7;

    private Encoder() {}

    /** Writes the model to a folder. */
    static Path model(Path folder) throws IOException {
        return unpacked(folder, NAME + ".onnx");
    }

    /** Writes the vocabulary to a folder. */
    static Path tokenizer(Path folder) throws IOException {
        return unpacked(folder, NAME + "-tokenizer.json");
    }

    /** Adds the sum of the token outputs under the mask, at length 1: what sentence-transformers makes of this encoder. */
    static OnnxFile withSentence(OnnxFile encoder) {
        ModelProto.Builder model = encoder.model().toBuilder();
        String tokens = model.getGraph().getOutput(0).getName();
        model.getGraphBuilder()
                .addNode(node("Cast", "mask", "attention_mask").addAttribute(integer("to", 1)))
                .addInitializer(TensorProto.newBuilder()
                        .setName("axis")
                        .setDataType(INT64)
                        .addDims(1)
                        .addInt64Data(1))
                .addNode(node("Unsqueeze", "row", "mask", "axis"))
                .addNode(node("MatMul", "sum", "row", tokens))
                .addNode(node("LpNormalization", "sentence", "sum").addAttribute(integer("axis", -1)))
                .clearOutput()
                .addOutput(ValueInfoProto.newBuilder().setName("sentence"));
        return new OnnxFile(encoder.path(), model.build());
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    private static Path unpacked(Path folder, String resource) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream bytes = Encoder.class.getResourceAsStream("/" + resource)) {
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
