package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.data.NpzFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixtures with every initializer rewritten as a Constant node: the Fisher is the same, under the same names. */
class ConstantWeightsFisherTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mlp_relu", "bn_cnn", "tiny_bert"})
    void givesTheFisherOfTheModelWithInitializers(String name) {
        Fixture fixture = Fixture.load(name);
        Path file = folder.resolve("constants.onnx");
        OnnxWriter.write(file, asConstants(fixture.model().model()));
        OnnxFile model = OnnxFile.read(file);
        FisherKind kind = new FisherKind.Empirical();
        try (NpzFile data = fixture.data()) {
            FisherRequest request = FisherRequest.of(model, Fixture.examples(data), fixture.likelihood(), kind);
            RelativeError.check(name, fixture.reference(kind), Estimation.of(request), fixture.tolerance());
        }
    }

    private static ModelProto asConstants(ModelProto model) {
        ModelProto.Builder constants = model.toBuilder();
        GraphProto.Builder graph = constants.getGraphBuilder().clearNode().clearInitializer();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Constant")
                    .addOutput(tensor.getName())
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("value")
                            .setType(AttributeProto.AttributeType.TENSOR)
                            .setT(tensor)));
        }
        model.getGraph().getNodeList().forEach(graph::addNode);
        assertEquals(0, graph.getInitializerCount());
        return constants.build();
    }
}
