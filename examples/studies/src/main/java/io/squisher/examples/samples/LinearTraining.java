package io.squisher.examples.samples;

import io.squisher.examples.data.Batches;
import io.squisher.examples.data.Digits;
import io.squisher.examples.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A linear classifier of digits, trained by TensorFlow Java and saved as checkpoint and as SavedModel. */
public final class LinearTraining {
    public static final int STEPS = 40;
    public static final int BATCH = 16;
    public static final Set<String> VARIABLES = Set.of("kernel", "bias");

    private LinearTraining() {}

    /**
     * Trains, saves {@code model.ckpt} and {@code saved_model}, and returns the accumulators as the session has them.
     *
     * @param slot of the accumulators; empty to return none
     */
    public static Map<String, float[]> run(Path folder, Function<Graph, Optimizer> optimizer, String slot)
            throws IOException {
        LabelledImages digits = Digits.load();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 64)));
            Placeholder<TFloat32> labels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 10)));
            Variable<TFloat32> kernel = variable(tf, "kernel", 64, 10);
            Variable<TFloat32> bias = variable(tf, "bias", 10);
            Operand<TFloat32> logits = tf.nn.biasAdd(tf.linalg.matMul(images, kernel), bias);
            Operand<TFloat32> loss = tf.math.mean(
                    tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
            Op step = optimizer.apply(graph).minimize(loss);
            try (Session session = new Session(graph)) {
                session.initialize();
                Batches batches = new Batches(digits, BATCH, 1);
                for (int i = 0; i < STEPS; i++) {
                    LabelledImages batch = batches.next();
                    try (TFloat32 x = tensor(BATCH, 64, batch.flat());
                            TFloat32 y = tensor(BATCH, 10, batch.oneHot(10))) {
                        session.runner()
                                .feed(images, x)
                                .feed(labels, y)
                                .addTarget(step)
                                .run()
                                .close();
                    }
                }
                save(folder, session, images, logits);
                return slot.isEmpty() ? Map.of() : accumulators(session, slot);
            }
        }
    }

    private static void save(Path folder, Session session, Operand<TFloat32> images, Operand<TFloat32> logits)
            throws IOException {
        session.save(folder.resolve("model.ckpt").toString());
        Signature signature = Signature.builder()
                .input("images", images)
                .output("logits", logits)
                .build();
        SavedModelBundle.exporter(folder.resolve("saved_model").toString())
                .withSession(session)
                .withSignature(signature)
                .export();
    }

    private static Map<String, float[]> accumulators(Session session, String slot) {
        Map<String, float[]> values = new HashMap<>();
        for (String variable : VARIABLES) {
            try (var result = session.runner().fetch(variable + "-" + slot).run()) {
                TFloat32 tensor = (TFloat32) result.get(0);
                float[] floats = new float[(int) tensor.size()];
                tensor.asRawTensor().data().asFloats().read(floats);
                values.put(variable, floats);
            }
        }
        return values;
    }

    private static Variable<TFloat32> variable(Ops tf, String name, long... dims) {
        Variable<TFloat32> variable = tf.withName(name).variable(Shape.of(dims), TFloat32.class);
        Ops start = tf.withInitScope();
        start.assign(variable, start.zeros(start.constant(dims), TFloat32.class));
        return variable;
    }

    private static TFloat32 tensor(long rows, long columns, float... values) {
        return TFloat32.tensorOf(Shape.of(rows, columns), DataBuffers.of(values));
    }
}
