package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models as exporters write them without dynamic axes: the number of examples in every declaration and constant shape. */
class FixedBatchFisherTest {
    @ParameterizedTest
    @CsvSource({"mlp_relu, 1", "lenet_cnn, 1", "lenet_cnn, 4", "bn_cnn, 1", "tiny_bert, 1", "tiny_gpt, 2"})
    void givesTheFisherOfTheFreeModel(String name, int batch) {
        Fixture fixture = Fixture.load(name);
        List<String> notices = new ArrayList<>();
        FisherKind kind = new FisherKind.Empirical();
        try (NpzFile data = fixture.data()) {
            OnnxFile fixed =
                    new OnnxFile(Path.of("fixed.onnx"), fixed(fixture.model().model(), batch));
            FisherRequest request = FisherRequest.of(fixed, Fixture.examples(data), fixture.likelihood(), kind)
                    .withBatchSize(3)
                    .withRuntime(new RuntimeSettings(new Device.Cpu(), 0, notices::add));
            RelativeError.check(name, fixture.reference(kind), Estimation.of(request), fixture.tolerance());
        }
        assertTrue(notices.stream().anyMatch(notice -> notice.contains("exported for batches of " + batch)), name);
    }

    private static ModelProto fixed(ModelProto model, int batch) {
        ModelProto.Builder fixed = model.toBuilder();
        GraphProto.Builder graph = fixed.getGraphBuilder();
        for (int i = 0; i < graph.getInputCount(); i++) {
            ValueInfoProto.Builder input = graph.getInputBuilder(i);
            input.getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(0)
                    .setDimValue(batch);
        }
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getOpType().equals("Reshape")) {
                fixShape(graph, node.getInput(1), batch);
            }
        }
        return fixed.build();
    }

    /** A shape [-1, …] that stands for the examples, as [batch, …]. */
    private static void fixShape(GraphProto.Builder graph, String name, int batch) {
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto stored = graph.getInitializer(i);
            if (stored.getName().equals(name)) {
                long[] shape = OnnxTensors.read(stored).toLongs();
                if (shape[0] == -1 || shape[0] == 0) {
                    shape[0] = batch;
                    graph.setInitializer(i, OnnxTensors.write(name, Tensor.of(Shape.of(shape.length), shape)));
                }
            }
        }
    }

    @Test
    void saysWhatToDoWhereTheBatchCannotBeFreed() {
        ModelProto model = fixed(Fixture.load("mlp_relu").model().model(), 1);
        ModelProto.Builder bound = model.toBuilder();
        GraphProto.Builder graph = bound.getGraphBuilder();
        String output = graph.getOutput(0).getName();
        // One row more than examples: what a class token becomes when its Expand is folded for one example.
        graph.addInitializer(OnnxTensors.write("row", Tensor.of(Shape.of(1, 10), new float[10])));
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Concat")
                .addInput(output)
                .addInput("row")
                .addOutput("joined")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0)));
        graph.setOutput(0, graph.getOutput(0).toBuilder().setName("joined"));
        Fixture fixture = Fixture.load("mlp_relu");
        try (NpzFile data = fixture.data()) {
            FisherRequest request = FisherRequest.of(
                    new OnnxFile(Path.of("bound.onnx"), bound.build()),
                    Fixture.examples(data),
                    fixture.likelihood(),
                    new FisherKind.Empirical());
            String message = assertThrows(SquisherException.class, () -> Estimation.of(request))
                    .getMessage();
            assertTrue(
                    message.startsWith("'bound.onnx' was exported for batches of 1, and does not run on others"),
                    message);
            assertTrue(message.contains("free batch axis"), message);
        }
    }

    @Test
    void leavesFreeAxesAsTheyAre() {
        Fixture fixture = Fixture.load("mlp_relu");
        try (NpzFile data = fixture.data()) {
            BoundGraph bound = BoundGraph.of(fixture.model(), Fixture.examples(data), Optional.empty());
            assertEquals(OptionalLong.empty(), bound.fixedBatch());
        }
    }
}
