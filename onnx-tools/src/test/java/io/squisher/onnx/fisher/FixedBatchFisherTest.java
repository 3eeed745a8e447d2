package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.likelihood.Likelihood;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A first layer whose rows were counted when the file was made: no other number of examples fits it. */
    private static ModelProto bound(int batch) {
        ModelProto model = fixed(Fixture.load("mlp_relu").model().model(), batch);
        ModelProto.Builder bound = model.toBuilder();
        GraphProto.Builder graph = bound.getGraphBuilder();
        String output = graph.getOutput(0).getName();
        // What a class token or a state at the start becomes when its Expand is folded for the examples of the export.
        graph.addInitializer(OnnxTensors.write("zeros", Tensor.of(Shape.of(batch, 1), new float[batch])));
        graph.addInitializer(OnnxTensors.write("from", Tensor.of(Shape.of(1), new long[] {1})));
        graph.addInitializer(OnnxTensors.write("to", Tensor.of(Shape.of(1), new long[] {11})));
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Concat")
                .addInput("zeros")
                .addInput(output)
                .addOutput("joined")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)));
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Slice")
                .addAllInput(List.of("joined", "from", "to", "from"))
                .addOutput("cut"));
        graph.setOutput(0, graph.getOutput(0).toBuilder().setName("cut"));
        return bound.build();
    }

    private static FisherRequest request(NpzFile data, ModelProto model, FisherKind kind) {
        return FisherRequest.of(
                new OnnxFile(Path.of("bound.onnx"), model),
                Fixture.examples(data),
                Fixture.load("mlp_relu").likelihood(),
                kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"empirical", "exact", "joint"})
    void runsOneAtATimeWhereABatchOfOneCannotBeFreed(String name) {
        Fixture fixture = Fixture.load("mlp_relu");
        List<String> notices = new ArrayList<>();
        FisherKind kind = Map.of(
                        "empirical", new FisherKind.Empirical(),
                        "exact", new FisherKind.Exact(),
                        "joint", new FisherKind.Joint())
                .get(name);
        try (NpzFile data = fixture.data()) {
            Map<String, double[]> found = Estimation.of(
                    request(data, bound(1), kind).withRuntime(new RuntimeSettings(new Device.Cpu(), 0, notices::add)));
            found.remove("zeros");
            RelativeError.check(name, fixture.reference(kind), found, fixture.tolerance());
        }
        assertTrue(notices.stream().anyMatch(notice -> notice.contains("run one at a time")), notices.toString());
    }

    @Test
    void writesNoGraphOfABatchWhereThereIsNone() {
        try (NpzFile data = Fixture.load("mlp_relu").data();
                FisherPlan plan = FisherPlan.of(request(data, bound(1), new FisherKind.Empirical()))) {
            String message =
                    assertThrows(SquisherException.class, plan::standalone).getMessage();
            assertTrue(message.startsWith("a graph of 'bound.onnx' cannot sum over a batch"), message);
            assertTrue(message.contains("exported for batches of 1"), message);
        }
    }

    @Test
    void evaluatesOneAtATimeWhatWasExportedForOne() {
        try (NpzFile data = Fixture.load("mlp_relu").data()) {
            Likelihood likelihood = Fixture.load("mlp_relu").likelihood();
            OnnxFile single = new OnnxFile(Path.of("bound.onnx"), bound(1));
            OnnxFile free = Fixture.load("mlp_relu").model();
            assertEquals(
                    Evaluation.of(free, Fixture.examples(data), likelihood)
                            .run()
                            .logLikelihood(),
                    Evaluation.of(single, Fixture.examples(data), likelihood)
                            .run()
                            .logLikelihood(),
                    1e-6);
        }
    }

    @Test
    void saysWhatToDoWhereALargerBatchCannotBeFreed() {
        try (NpzFile data = Fixture.load("mlp_relu").data()) {
            String message = assertThrows(
                            SquisherException.class,
                            () -> Estimation.of(request(data, bound(2), new FisherKind.Empirical())))
                    .getMessage();
            assertTrue(
                    message.startsWith("'bound.onnx' was exported for batches of 2, and does not run on others"),
                    message);
            assertTrue(message.contains("free batch axis"), message);
        }
    }

    /** PyTorch's newer exporter says allowzero of every Reshape, zeros or not. */
    @Test
    void freesShapesThatAllowZero() {
        ModelProto.Builder model = fixed(Fixture.load("lenet_cnn").model().model(), 1).toBuilder();
        model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals("Reshape"))
                .forEach(node -> node.addAttribute(AttributeProto.newBuilder()
                        .setName("allowzero")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)));
        Fixture fixture = Fixture.load("lenet_cnn");
        FisherKind kind = new FisherKind.Empirical();
        try (NpzFile data = fixture.data();
                FisherEstimator estimator = new FisherEstimator(FisherRequest.of(
                        new OnnxFile(Path.of("fixed.onnx"), model.build()),
                        Fixture.examples(data),
                        fixture.likelihood(),
                        kind))) {
            assertTrue(estimator.plan().batchSize() > 1);
            Map<String, double[]> found = new HashMap<>();
            estimator
                    .run(FisherListener.SILENT)
                    .tensors()
                    .forEach((name, tensor) -> found.put(name, tensor.toDoubles()));
            RelativeError.check("lenet_cnn", fixture.reference(kind), found, fixture.tolerance());
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
