package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** The checkpoints of {@code io.squisher.format.tensorflow} and TensorFlow's own, each read by the other. */
class BundleAgainstTensorFlowTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatTensorFlowSaved() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            network.minimize(Adam::new);
            session.initialize();
            network.step(session, Digits.load().batch(8, new Random(1)));
            session.save(folder.resolve("model").toString());
            try (BundleFile file = BundleFile.open(folder.resolve("model"));
                    TFloat32 kernel = (TFloat32)
                            session.runner().fetch("out.kernel-v").run().get(0)) {
                assertEquals(14, file.names().size(), "4 variables, 8 slots, 2 powers");
                float[] read = file.tensor("out.kernel-v").toFloats();
                int[] at = {0};
                kernel.scalars().forEach(value -> assertEquals(value.getFloat(), read[at[0]++]));
            }
        }
    }

    @Test
    void readsPartitionedTensorsAndStrings() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Path prefix = folder.resolve("parts");
            Op save = tf.train.save(
                    tf.constant(prefix.toString()),
                    tf.array("part", "part", "part", "text"),
                    tf.array("4 3 0,1:-", "4 3 1,3:0,2", "4 3 1,3:2,1", ""),
                    List.of(
                            tf.constant(new float[][] {{0, 1, 2}}),
                            tf.constant(new float[][] {{3, 4}, {6, 7}, {9, 10}}),
                            tf.constant(new float[][] {{5}, {8}, {11}}),
                            tf.array("zwölf", "")));
            session.run(save);
            try (BundleFile file = BundleFile.open(prefix)) {
                assertEquals(Shape.of(4, 3), file.tensor("part").shape());
                assertArrayEquals(
                        new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                        file.tensor("part").toFloats());
                assertEquals("zwölf", new String(file.strings("text").get(0), StandardCharsets.UTF_8));
                assertEquals(0, file.strings("text").get(1).length);
            }
        }
    }

    @Test
    void writesWhatTensorFlowRestores() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            network.variables.forEach(variable -> {
                long[] dims = variable.shape().asArray();
                float[] values = new float[(int) variable.shape().size()];
                java.util.Arrays.fill(values, tensors.size() + 1);
                tensors.put(variable.op().name(), Tensor.of(Shape.of(dims), values));
            });
            BundleWriter.write(folder.resolve("made"), tensors);
            session.restore(folder.resolve("made").toString());
            try (TFloat32 bias =
                    (TFloat32) session.runner().fetch("out.bias").run().get(0)) {
                assertEquals(4, bias.getFloat(9));
            }
        }
    }

    @Test
    void savesAndRestoresResourceVariablesToo() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<? extends TType> w = handle(tf, "w");
            Operand<? extends TType> v = handle(tf, "v");
            Operand<? extends TType> m = handle(tf, "m");
            Op train = tf.train.resourceApplyAdam(
                    w,
                    m,
                    v,
                    tf.constant(0.9f),
                    tf.constant(0.999f),
                    tf.constant(0.1f),
                    tf.constant(0.9f),
                    tf.constant(0.999f),
                    tf.constant(1e-8f),
                    tf.constant(new float[] {1, 2}));
            List<Op> start = List.of(assign(tf, w, 5), assign(tf, m, 0), assign(tf, v, 0));
            Squisher squisher = Squisher.attach(graph);
            float[] trained;
            try (Session session = new Session(graph)) {
                start.forEach(session::run);
                session.run(train);
                squisher.save(session, folder.resolve("r"), 1);
                trained = BundleFile.open(folder.resolve("r")).tensor("w").toFloats();
                assertTrue(trained[0] < 5);
            }
            try (Session session = new Session(graph)) {
                squisher.restore(session, folder.resolve("r"));
                squisher.save(session, folder.resolve("again"), 1);
            }
            try (BundleFile again = BundleFile.open(folder.resolve("again"))) {
                assertArrayEquals(trained, again.tensor("w").toFloats());
            }
        }
    }

    private static Operand<? extends TType> handle(Ops tf, String name) {
        return tf.withName(name)
                .varHandleOp(TFloat32.class, org.tensorflow.ndarray.Shape.of(2), VarHandleOp.sharedName(name));
    }

    private static Op assign(Ops tf, Operand<? extends TType> handle, float value) {
        return tf.assignVariableOp(handle, tf.constant(new float[] {value, value}));
    }

    @Test
    void namesEveryVariableThatDoesNotFit() {
        BundleWriter.write(folder.resolve("other"), Map.of("out.bias", Tensor.of(Shape.of(3), 1f, 2f, 3f)));
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph);
            String message = assertThrows(
                            SquisherException.class, () -> squisher.restore(session, folder.resolve("other")))
                    .getMessage();
            assertTrue(message.contains("'hidden.kernel' is missing"), message);
            assertTrue(message.contains("'out.bias' is F32[3], the graph's is F32[10]"), message);
        }
    }
}
