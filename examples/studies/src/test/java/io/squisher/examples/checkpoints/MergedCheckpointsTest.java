package io.squisher.examples.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.apps.cli.Main;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A merged checkpoint is one that TensorFlow restores. */
class MergedCheckpointsTest {
    @TempDir
    Path folder;

    @Test
    void sessionsRestoreAFisherMerge() {
        Path a = checkpoint("a", new float[] {1, 2, 3}, new float[] {1, 0, 3});
        Path b = checkpoint("b", new float[] {5, 6, 7}, new float[] {3, 2, 1});
        Path merged = folder.resolve("merged");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
        int code = Main.run(
                stream,
                stream,
                "merge",
                "--model",
                a + ".index",
                "--fisher",
                a + ".safetensors",
                "--model",
                b + ".index",
                "--fisher",
                b + ".safetensors",
                "-o",
                merged + ".index");
        assertEquals(0, code, text.toString(StandardCharsets.UTF_8));
        // (1·1 + 3·5)/4, (0·2 + 2·6)/2, (3·3 + 1·7)/4.
        assertArrayEquals(new float[] {4, 6, 4}, restored(merged));
    }

    /** Saves a checkpoint of one variable with a Fisher beside it. */
    private Path checkpoint(String name, float[] values, float[] fisher) {
        Path prefix = folder.resolve(name);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Variable<TFloat32> kernel = tf.withName("kernel").variable(Shape.of(values.length), TFloat32.class);
            var assignment = tf.assign(kernel, tf.constant(values));
            try (Session session = new Session(graph)) {
                session.runner().addTarget(assignment).run().close();
                session.save(prefix.toString());
            }
        }
        Provenance provenance =
                Provenance.newBuilder().setKind(Provenance.Kind.EMPIRICAL).build();
        Map<String, Tensor> tensors = Map.of("kernel", Tensor.of(io.squisher.tensor.Shape.of(values.length), fisher));
        FisherFile.write(folder.resolve(name + ".safetensors"), new FisherDiagonal(tensors, provenance));
        return prefix;
    }

    private static float[] restored(Path prefix) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            tf.withName("kernel").variable(Shape.of(3), TFloat32.class);
            try (Session session = new Session(graph)) {
                session.restore(prefix.toString());
                try (var result = session.runner().fetch("kernel").run()) {
                    float[] values = new float[3];
                    ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(values);
                    return values;
                }
            }
        }
    }
}
