package outside;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Accumulator;
import io.squisher.tf.checkpoint.Squisher;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The three lines of the hook around three steps of Adam, and the file read back. Argument: the folder to write to. */
public final class Main {
    private static final int STEPS = 3;

    private Main() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Path folder = Path.of(arguments[0]);
        CodeSource protobuf = Class.forName("com.google.protobuf.Message").getProtectionDomain().getCodeSource();
        System.out.println("Protobuf on the class path: " + Path.of(protobuf.getLocation().getPath()).getFileName());
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Variable<TFloat32> weight = tf.withName("weight").variable(Shape.of(3), TFloat32.class);
            Ops start = tf.withInitScope();
            start.assign(weight, start.constant(new float[] {1, 1, 1}));
            // The gradient is always (1, 2, 3).
            Operand<TFloat32> loss =
                    tf.reduceSum(tf.math.mul(weight, tf.constant(new float[] {1, 2, 3})), tf.constant(0));
            Op step = new Adam(graph, 1e-3f).minimize(loss);

            Squisher squisher = Squisher.attach(graph);
            squisher.batchSize(32).datasetSize(1000);
            try (Session session = new Session(graph)) {
                session.initialize();
                for (int i = 0; i < STEPS; i++) {
                    session.runner().addTarget(step).run();
                }
                squisher.save(session, folder.resolve("model"));
            }
        }
        check(FisherFile.open(Squisher.fileFor(folder.resolve("model"))).diagonal());
    }

    private static void check(FisherDiagonal diagonal) {
        Accumulator accumulator = diagonal.provenance().getAccumulator();
        double[] squares = diagonal.tensor("weight").toDoubles();
        // Adam's mean of squares after n steps with the same gradient g is (1 - 0.999^n) g^2.
        double expected = (1 - Math.pow(0.999, STEPS)) * 9;
        if (accumulator.getStep() != STEPS
                || accumulator.getBatchSize() != 32
                || Math.abs(squares[2] / expected - 1) > 1e-4) {
            throw new IllegalStateException(accumulator + Arrays.toString(squares));
        }
        System.out.println(accumulator.getOptimizer() + " after " + STEPS + " steps: " + Arrays.toString(squares));
    }
}
