package io.squisher.tf.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * SavedModels that TensorFlow 2.21 and Keras 3.15 for Python wrote: calls of functions, which call others. {@code module} is
 * a tf.Module whose functions split, unstack, loop and return several values; {@code keras-export} is what {@code Model.export}
 * wrote of a convolution, a batch normalisation, a pooling and a dense layer.
 */
class SavedModelExportTest {
    private static final Path FOLDER = Path.of("src/test/resources/python");

    private static Set<String> parameters(ModelProto model) {
        return model.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void exportsFunctionsWithinFunctions() {
        try (SavedModelBundle bundle =
                SavedModelBundle.load(FOLDER.resolve("module").toString(), "serve")) {
            Map<String, long[]> inputs = Map.of("serving_default_x", new long[] {3, 4});
            ModelProto model =
                    ExportCheck.compare(bundle.graph(), bundle.session(), inputs, "StatefulPartitionedCall:1");
            assertEquals(Set.of("net/w", "net/b"), parameters(model));
            ExportCheck.compare(bundle.graph(), bundle.session(), inputs, "StatefulPartitionedCall:2");
        }
    }

    @Test
    void exportsWhatKerasExported() {
        try (SavedModelBundle bundle =
                SavedModelBundle.load(FOLDER.resolve("keras-export").toString(), "serve")) {
            ModelProto model = ExportCheck.compare(
                    bundle.graph(),
                    bundle.session(),
                    Map.of("serve_keras_tensor", new long[] {3, 8, 8, 1}),
                    "StatefulPartitionedCall");
            assertEquals(8, parameters(model).size());
            assertTrue(parameters(model).contains("digits/conv2d/kernel_1"), parameters(model)::toString);
        }
    }

    /** Output 0 comes from a loop, on which the other outputs do not depend. */
    @Test
    void refusesControlFlowOnlyWhereItIsNeeded() {
        try (SavedModelBundle bundle =
                SavedModelBundle.load(FOLDER.resolve("module").toString(), "serve")) {
            String message = assertThrows(
                            SquisherException.class,
                            () -> OnnxExporter.toModel(
                                    bundle.graph(),
                                    bundle.session(),
                                    List.of("serving_default_x"),
                                    List.of("StatefulPartitionedCall")))
                    .getMessage();
            assertTrue(
                    message.matches(
                            "cannot export to ONNX: 'StatefulPartitionedCall/\\S+/while' \\(StatelessWhile\\); .*"),
                    message);
        }
    }

    @Test
    void namesWhatItLacksWithinAFunction() {
        try (ConcreteFunction odd = ConcreteFunction.create(SavedModelExportTest::odd);
                Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
            tf.withName("y").identity(tf.withName("called").call(odd, x));
            String message = assertThrows(
                            SquisherException.class,
                            () -> OnnxExporter.toModel(graph, session, List.of("x"), List.of("y")))
                    .getMessage();
            assertTrue(message.matches("cannot export to ONNX: 'called/gamma\\w*' \\(Lgamma\\); .*"), message);
        }
    }

    private static Signature odd(Ops tf) {
        Operand<TFloat32> x = tf.placeholder(TFloat32.class);
        return Signature.builder("odd")
                .input("x", x)
                .output("y", tf.withName("gamma").math.lgamma(x))
                .build();
    }
}
