package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputActivationTest {
    @ParameterizedTest
    @CsvSource({"mlp_relu, Softmax", "mlp_relu, LogSoftmax", "multilabel_bernoulli, Sigmoid"})
    void theFisherIsThatOfTheLogitsBeforeIt(String name, String activation) {
        Fixture fixture = Fixture.load(name);
        for (FisherKind kind : List.of(new FisherKind.Empirical(), new FisherKind.Exact())) {
            List<String> notices = new ArrayList<>();
            RuntimeSettings settings = new RuntimeSettings(new Device.Cpu(), 0, notices::add);
            Map<String, double[]> actual = Estimation.of(
                    fixture, kind, request -> ending(request, activation).withRuntime(settings));
            RelativeError.check(activation + " " + kind, fixture.reference(kind), actual, fixture.tolerance());
            assertTrue(notices.stream().anyMatch(notice -> notice.contains(activation)), notices.toString());
        }
    }

    private static FisherRequest ending(FisherRequest request, String activation) {
        OnnxFile model = request.model();
        GraphProto.Builder graph = model.model().getGraph().toBuilder();
        graph.addNode(NodeProto.newBuilder()
                .setOpType(activation)
                .addInput(graph.getOutput(0).getName())
                .addOutput("activated"));
        graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("activated"));
        return new FisherRequest(
                new OnnxFile(
                        model.path(), model.model().toBuilder().setGraph(graph).build()),
                request.examples(),
                request.labels(),
                Optional.empty(),
                false,
                request.likelihood(),
                request.kind(),
                Optional.empty(),
                false,
                false,
                OptionalInt.of(7),
                request.runtime());
    }
}
