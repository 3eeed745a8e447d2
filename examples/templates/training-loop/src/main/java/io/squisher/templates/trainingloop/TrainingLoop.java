package io.squisher.templates.trainingloop;

import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.export.OnnxExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.types.TFloat32;

/** A training loop as it is in TensorFlow Java, plus the three lines of the hook, marked (1), (2) and (3). */
public final class TrainingLoop {
    private static final int HIDDEN = 64;
    private static final int BATCH = 32;

    private TrainingLoop() {}

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "checkpoints"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        run(folder, steps);
    }

    /** Trains for so many steps, saves {@code model} into {@code folder}, and returns the mean loss of the last step. */
    static float run(Path folder, int steps) {
        Digits digits = Digits.load();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            // A graph for the GPU looks the same: TensorFlow places each operation on /GPU:0 where there is one. To
            // choose:
            // tf.withDevice(DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(1).build()).
            Placeholder<TFloat32> images = input(tf, "images", Digits.PIXELS);
            Placeholder<TFloat32> labels = input(tf, "labels", Digits.CLASSES);
            Operand<TFloat32> hidden = tf.nn.relu(dense(tf, images, "hidden", Digits.PIXELS, HIDDEN));
            Operand<TFloat32> logits =
                    tf.withName("logits").identity(dense(tf, hidden, "output", HIDDEN, Digits.CLASSES));
            Operand<TFloat32> loss = tf.math.mean(
                    tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
            Op step = new Adam(graph, 1e-3f).minimize(loss);

            Squisher squisher = Squisher.attach(graph); //                              (1)
            squisher.batchSize(BATCH).datasetSize(digits.size()); //                    (2)

            // Without allow_growth TensorFlow takes all memory of all GPUs at once, and ONNX Runtime finds none left.
            ConfigProto config = ConfigProto.newBuilder()
                    .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                    .build();
            try (Session session = new Session(graph, config)) {
                session.initialize();
                var batches = digits.batches(BATCH, 1);
                float last = Float.NaN;
                for (int i = 0; i < steps; i++) {
                    Digits batch = batches.next();
                    try (TFloat32 x = tensor(BATCH, Digits.PIXELS, batch.flat());
                            TFloat32 y = tensor(BATCH, Digits.CLASSES, batch.oneHot());
                            var result = session.runner()
                                    .feed(images, x)
                                    .feed(labels, y)
                                    .addTarget(step)
                                    .fetch(loss)
                                    .run()) {
                        last = ((TFloat32) result.get(0)).getFloat();
                    }
                }
                squisher.save(session, folder.resolve("model")); //                     (3) in place of session.save
                OnnxExporter.export(graph, session, List.of("images"), List.of("logits"), folder.resolve("model.onnx"));
                return last;
            }
        }
    }

    private static Placeholder<TFloat32> input(Ops tf, String name, long width) {
        return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, width)));
    }

    private static Operand<TFloat32> dense(Ops tf, Operand<TFloat32> x, String name, long in, long out) {
        Variable<TFloat32> kernel = tf.withName(name + ".kernel").variable(Shape.of(in, out), TFloat32.class);
        Variable<TFloat32> bias = tf.withName(name + ".bias").variable(Shape.of(out), TFloat32.class);
        Ops start = tf.withInitScope();
        Operand<TFloat32> noise = start.random.truncatedNormal(start.constant(new long[] {in, out}), TFloat32.class);
        start.assign(kernel, start.math.mul(noise, start.constant((float) Math.sqrt(2.0 / in))));
        start.assign(bias, start.zeros(start.constant(new long[] {out}), TFloat32.class));
        return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
    }

    private static TFloat32 tensor(long rows, long columns, float... values) {
        return TFloat32.tensorOf(Shape.of(rows, columns), DataBuffers.of(values));
    }
}
