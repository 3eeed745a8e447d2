package io.squisher.templates.gputraining;

import io.squisher.tf.checkpoint.Squisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
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

/**
 * A training loop on a chosen GPU, with room left on it for others; on the CPU, and saying so, where there is no GPU. The hook
 * leaves the variables where they are until a checkpoint is taken. Needs TensorFlow's CUDA natives: {@code -Dnatives=linux-x86_64-gpu}.
 */
public final class GpuTraining {
    private static final int BATCH = 128;

    private GpuTraining() {}

    /** Arguments: the folder to write to, the number of the GPU, and how many steps to train. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "gpu-training"));
        int gpu = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        int steps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500;
        System.out.println("trained on the " + run(folder, gpu, steps));
    }

    /** Trains, saves, and returns the kind of device that it trained on. */
    static DeviceType run(Path folder, int gpu, int steps) {
        DeviceSpec device = device(DeviceType.GPU, gpu);
        if (!exists(device)) {
            System.err.println(
                    "no GPU " + gpu + " that TensorFlow can use: training on the CPU. A GPU needs -Dnatives=linux-x86_64-gpu,"
                            + " an NVIDIA driver, CUDA and cuDNN; TF_CPP_MIN_LOG_LEVEL=0 shows what is missing");
            device = device(DeviceType.CPU, 0);
        }
        Digits digits = Digits.load();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph).withDevice(device);
            Placeholder<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 64)));
            Placeholder<TFloat32> labels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 10)));
            Variable<TFloat32> kernel = tf.withName("kernel").variable(Shape.of(64, 10), TFloat32.class);
            tf.withInitScope()
                    .assign(kernel, tf.withInitScope().zeros(tf.constant(new int[] {64, 10}), TFloat32.class));
            Operand<TFloat32> logits = tf.linalg.matMul(images, kernel);
            Operand<TFloat32> loss = tf.math.mean(
                    tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
            Op step = new Adam(graph, 1e-2f).minimize(loss);
            Squisher squisher = Squisher.attach(graph).batchSize(BATCH).datasetSize(digits.size());
            try (Session session = new Session(graph, options(true))) {
                session.initialize();
                var batches = digits.batches(BATCH, 1);
                for (int i = 0; i < steps; i++) {
                    Digits batch = batches.next();
                    try (TFloat32 x = tensor(64, batch.flat());
                            TFloat32 y = tensor(10, batch.oneHot())) {
                        session.runner()
                                .feed(images, x)
                                .feed(labels, y)
                                .addTarget(step)
                                .run()
                                .close();
                    }
                }
                squisher.save(session, folder.resolve("model"));
            }
        }
        return device.deviceType();
    }

    /** By default TensorFlow takes all memory of all GPUs at once; so it takes what it needs, and others find room. */
    private static ConfigProto options(boolean mayMove) {
        return ConfigProto.newBuilder()
                .setAllowSoftPlacement(mayMove)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                .build();
    }

    /** Whether an operation that may run nowhere else runs there. */
    private static boolean exists(DeviceSpec device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Op probe = tf.withDevice(device).math.add(tf.constant(1f), tf.constant(1f));
            try (Session session = new Session(graph, options(false))) {
                session.run(probe);
                return true;
            } catch (RuntimeException e) {
                return false;
            }
        }
    }

    private static DeviceSpec device(DeviceType type, int number) {
        return DeviceSpec.newBuilder().deviceType(type).deviceIndex(number).build();
    }

    private static TFloat32 tensor(long columns, float... values) {
        return TFloat32.tensorOf(Shape.of(BATCH, columns), DataBuffers.of(values));
    }
}
