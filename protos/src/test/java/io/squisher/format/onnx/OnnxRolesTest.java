package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.fisher.FisherFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRolesTest {
    static final Path FIXTURES = Path.of("../onnx-tools/src/test/resources/fixtures");

    /** The fixtures' Fisher files list what is reached along differentiable paths: parameters and statistics. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bn_cnn",
                "depthwise_cnn",
                "lenet_cnn",
                "mlp_relu",
                "multilabel_bernoulli",
                "regression_gaussian",
                "shared_weight",
                "tiny_bert",
                "tiny_gpt",
                "vae_like_convtranspose"
            })
    void agreeWithTheTensorsOfTheReferenceFisher(String fixture) {
        try (WeightSource model = new OnnxFormat().open(FIXTURES.resolve(fixture + "/model.onnx"));
                FisherFile fisher = FisherFile.open(FIXTURES.resolve(fixture + "/fisher_joint.safetensors"))) {
            Set<String> trained = model.names().stream()
                    .filter(name -> model.role(name) != Role.CONSTANT)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<>(fisher.diagonal().names()), trained);
        }
    }

    @Test
    void runningMeanAndVarianceAreStatistics() {
        try (WeightSource model = new OnnxFormat().open(FIXTURES.resolve("bn_cnn/model.onnx"))) {
            for (String name : model.names()) {
                assertEquals(
                        name.contains("running_"),
                        model.role(name) == Role.STATISTIC,
                        name + " is " + model.role(name));
            }
        }
    }

    @Test
    void usesInsideSubgraphsCountAndUnusedTensorsDoNot() {
        NodeProto inner = NodeProto.newBuilder()
                .setOpType("Add")
                .addInput("w")
                .addInput("w")
                .addOutput("z")
                .build();
        NodeProto branch = NodeProto.newBuilder()
                .setOpType("If")
                .addInput("condition")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("then_branch")
                        .setG(GraphProto.newBuilder().addNode(inner)))
                .build();
        OnnxRoles roles = OnnxRoles.of(GraphProto.newBuilder()
                .addNode(branch)
                .addInitializer(matrix("w"))
                .addInitializer(matrix("unused"))
                .addInitializer(matrix("result"))
                .addOutput(ValueInfoProto.newBuilder().setName("result"))
                .build());
        assertEquals(Role.PARAMETER, roles.role("w"));
        assertEquals(Role.CONSTANT, roles.role("unused"));
        assertEquals(Role.PARAMETER, roles.role("result"));
    }

    @Test
    void theMostImportantUseDecides() {
        OnnxRoles roles = OnnxRoles.of(GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder().setOpType("Pow").addInput("x").addInput("shared"))
                .addNode(NodeProto.newBuilder().setOpType("Pow").addInput("x").addInput("exponent"))
                .addNode(NodeProto.newBuilder().setOpType("Mul").addInput("x").addInput("shared"))
                .addNode(NodeProto.newBuilder().setOpType("Add").addInput("x").addInput("onnx::Add_3"))
                .addNode(NodeProto.newBuilder().setOpType("Mul").addInput("x").addInput("temperature"))
                .addNode(NodeProto.newBuilder().setOpType("Mul").addInput("x").addInput("val_58"))
                .addInitializer(matrix("shared"))
                .addInitializer(matrix("exponent"))
                .addInitializer(scalar("onnx::Add_3"))
                .addInitializer(matrix("val_58"))
                .addInitializer(scalar("temperature"))
                .build());
        assertEquals(Role.PARAMETER, roles.role("shared"));
        assertEquals(Role.CONSTANT, roles.role("exponent"));
        assertEquals(Role.CONSTANT, roles.role("onnx::Add_3"));
        assertEquals(Role.CONSTANT, roles.role("val_58"));
        assertEquals(Role.PARAMETER, roles.role("temperature"));
        assertEquals(Role.CONSTANT, roles.role("no initializer"));
    }

    private static TensorProto matrix(String name) {
        return scalar(name).toBuilder().addDims(1).build();
    }

    private static TensorProto scalar(String name) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(1)
                .addFloatData(1)
                .build();
    }
}
