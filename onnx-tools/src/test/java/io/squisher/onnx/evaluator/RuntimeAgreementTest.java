package io.squisher.onnx.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The evaluator against ONNX Runtime: real models, operators newer than the ONNX project's data, modes it lacks. */
class RuntimeAgreementTest {
    private static final Tolerance FLOAT32 = new Tolerance(2e-5, 0.1, 1e-6);

    @TestFactory
    Stream<DynamicTest> operators() {
        return RuntimeCases.all()
                .filter(RuntimeAgreementTest::isRunAsWritten)
                .map(node -> DynamicTest.dynamicTest(node.toString(), () -> check(node)));
    }

    /**
     * ONNX Runtime returns the input of a norm over no axes as it is; the standard takes the norm of each element. It has
     * LayerNormalization and SimplifiedLayerNormalization in the standard's domain alone; other tools write its own. Of
     * padding that is not the same on all sides it counts less than there is. It runs no opset after 23, and no DeformConv.
     */
    private static boolean isRunAsWritten(OneNodeModel node) {
        return !node.toString()
                .matches(".*noop_with_empty_axes.*|com\\.microsoft:(Simplified)?LayerNormalization-.*"
                        + "|AveragePool-22 .*count_include_pad=1.*|Swish-24.*|DeformConv-.*");
    }

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
    void fixtures(String name) throws URISyntaxException {
        Path folder = Path.of(
                RuntimeAgreementTest.class.getResource("/fixtures/" + name).toURI());
        ModelProto model = OnnxTestCase.model(folder);
        Map<String, Value> inputs = new LinkedHashMap<>();
        try (NpzFile data = NpzFile.open(folder.resolve("data.npz"))) {
            for (ValueInfoProto input : model.getGraph().getInputList()) {
                inputs.put(input.getName(), Value.of(data.arrays().get(input.getName())));
            }
        }
        compare(model, inputs);
    }

    private static void check(OneNodeModel node) {
        compare(node.model(), node.inputs());
    }

    private static void compare(ModelProto model, Map<String, Value> inputs) {
        Map<String, Value> actual = ReferenceEvaluator.run(model, inputs);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        inputs.forEach((name, value) -> tensors.put(name, value.tensor()));
        try (InferenceSession session = InferenceSession.createUnoptimised(model, RuntimeSettings.CPU)) {
            session.run(tensors, actual.keySet()).forEach((name, expected) -> {
                String difference =
                        FLOAT32.difference(Value.of(expected), actual.get(name)).orElse("");
                assertEquals("", difference, () -> "output '" + name + "'");
            });
        }
    }
}
