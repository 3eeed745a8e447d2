package io.squisher.tf.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

class OnnxExporterTest {
    private static final long SEED = 11;

    @TempDir
    private Path folder;

    @Test
    void exportsAnMlpThatBelongsToItsSquisher() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph).batchSize(32);
            try (Session session = new Session(network.graph)) {
                train(network, session);
                squisher.save(session, folder.resolve("model"));
                OnnxExporter.export(
                        network.graph, session, List.of("images"), List.of("logits"), folder.resolve("model.onnx"));
                for (int batch : new int[] {1, 7}) {
                    ExportCheck.compare(
                            network.graph, session, Map.of("images", new long[] {batch, Digits.PIXELS}), "logits");
                }
            }
        }
        try (WeightSource weights = WeightFormats.open(folder.resolve("model.onnx"));
                FisherFile fisher = FisherFile.open(Squisher.fileFor(folder.resolve("model")))) {
            assertEquals(fisher.diagonal().names(), weights.names());
            assertEquals(
                    fisher.diagonal().provenance().getWeightsHash(),
                    ContentHash.of(fisher.diagonal().names(), weights::tensor));
        }
    }

    @Test
    void exportsACnn() {
        try (DigitsNetwork network = DigitsNetwork.of(SEED, OnnxExporterTest::cnn)) {
            network.minimize(Adam::new);
            try (Session session = new Session(network.graph)) {
                train(network, session);
                ModelProto model = ExportCheck.compare(
                        network.graph, session, Map.of("images", new long[] {5, Digits.PIXELS}), "logits");
                Set<String> initializers = Set.copyOf(model.getGraph().getInitializerList().stream()
                        .map(TensorProto::getName)
                        .toList());
                assertEquals(
                        Set.of("conv1.kernel", "conv1.bias", "conv2.kernel", "conv2.bias", "out.kernel", "out.bias"),
                        initializers);
                assertEquals(
                        "batch",
                        model.getGraph()
                                .getInput(0)
                                .getType()
                                .getTensorType()
                                .getShape()
                                .getDim(0)
                                .getDimParam());
            }
        }
    }

    /** 8×8 image → 4 channels, SAME → max pool → 6 channels, stride 2, SAME → average pool → logits. */
    private static Operand<TFloat32> cnn(DigitsNetwork network) {
        Ops tf = network.tf;
        Operand<TFloat32> image = tf.reshape(network.images, tf.constant(new int[] {-1, 8, 8, 1}));
        Operand<TFloat32> one = tf.nn.biasAdd(
                tf.nn.conv2d(image, network.variable("conv1.kernel", 3, 3, 1, 4), List.of(1L, 1L, 1L, 1L), "SAME"),
                network.variable("conv1.bias", 4));
        Operand<TFloat32> pooled = tf.nn.maxPool(
                tf.nn.relu(one), tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 1, 1, 1}), "VALID");
        Operand<TFloat32> two = tf.nn.biasAdd(
                tf.nn.conv2d(pooled, network.variable("conv2.kernel", 3, 3, 4, 6), List.of(1L, 2L, 2L, 1L), "SAME"),
                network.variable("conv2.bias", 6));
        Operand<TFloat32> averaged =
                tf.nn.avgPool(tf.math.tanh(two), List.of(1L, 3L, 3L, 1L), List.of(1L, 1L, 1L, 1L), "SAME");
        return network.dense(tf.reshape(averaged, tf.constant(new int[] {-1, 4 * 4 * 6})), "out", 96, 10);
    }

    private static void train(DigitsNetwork network, Session session) {
        session.initialize();
        Digits digits = Digits.load();
        Random random = new Random(SEED);
        for (int step = 0; step < 10; step++) {
            network.step(session, digits.batch(32, random));
        }
    }

    @Test
    void listsEveryOperationItLacks() {
        try (DigitsNetwork network = DigitsNetwork.of(
                SEED,
                n -> n.dense(
                        n.tf.math.lgamma(n.tf.withName("odd").math.betainc(n.images, n.images, n.images)),
                        "out",
                        64,
                        10))) {
            try (Session session = new Session(network.graph)) {
                session.initialize();
                Path target = folder.resolve("model.onnx");
                String message = assertThrows(
                                SquisherException.class,
                                () -> OnnxExporter.export(
                                        network.graph, session, List.of("images"), List.of("logits"), target))
                        .getMessage();
                assertTrue(message.contains("'odd' (Betainc)") && message.contains("(Lgamma)"), message);
                assertFalse(Files.exists(target));
            }
        }
    }

    /** TensorFlow Java gives reference variables their initial values by itself; resource variables wait for the program. */
    @Test
    void namesAVariableWithoutValue() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
            Operand<? extends TType> scale =
                    tf.withName("scale").varHandleOp(TFloat32.class, Shape.of(2), VarHandleOp.sharedName("scale"));
            tf.withName("y").math.mul(x, tf.readVariableOp(scale, TFloat32.class));
            String message = assertThrows(
                            SquisherException.class,
                            () -> OnnxExporter.toModel(graph, session, List.of("x"), List.of("y")))
                    .getMessage();
            assertTrue(message.startsWith("variable 'scale' has no value in this session"), message);
        }
    }

    @Test
    void namesAnUnknownTensor() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED);
                Session session = new Session(network.graph)) {
            String message = assertThrows(
                            SquisherException.class,
                            () -> OnnxExporter.toModel(network.graph, session, List.of("pixels"), List.of("logits")))
                    .getMessage();
            assertTrue(message.startsWith("the graph has no tensor 'pixels'"), message);
        }
    }
}
