package io.squisher.examples.network;

import io.squisher.examples.data.Batches;
import io.squisher.examples.data.LabelledImages;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.Rescaling;
import io.squisher.tensor.Tensor;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.export.OnnxExporter;
import io.squisher.tf.training.EwcPenalty;
import io.squisher.tf.training.MaskedUpdates;
import io.squisher.tf.training.OwnAccumulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;

/** A classifier in a session during and after its training, with the hook attached. */
public final class TrainedNetwork implements AutoCloseable {
    /**
     * One thread: for networks this small it is faster, and sums are always added up in the same order. It is the
     * session's own, so that two sessions can train side by side.
     */
    private static final ConfigProto ONE_THREAD = ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(1)
            .setUsePerSessionThreads(true)
            // Rewriting the graph costs more than it saves here: each new set of fetches is rewritten.
            .setGraphOptions(GraphOptions.newBuilder()
                    .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
            .build();

    /** Images that are told at once: the activations of a convolutional network take much room. */
    private static final int EVALUATED = 500;

    private final Classifier network;
    private final TrainingSettings settings;
    private final EwcPenalty penalty;
    private final MaskedUpdates masked;
    private final Op step;
    private final Squisher squisher;
    private final Squisher ownSquisher;
    private final Session session;
    private int taken;
    private final Map<String, Assignment> assignments = new HashMap<>();

    private TrainedNetwork(Classifier network, TrainingSettings settings, TrainingParts parts) {
        this.network = network;
        this.settings = settings;
        penalty = parts.penalty() ? EwcPenalty.over(network.graph(), TrainedNetwork::isShared) : null;
        Operand<TFloat32> loss =
                penalty == null ? network.loss() : network.tf().math.add(network.loss(), penalty.term());
        Op adam = OrderedAdam.minimize(network.tf(), loss, network.variables(), settings);
        squisher = Squisher.attach(adam).penaltyActive(parts.penalty());
        masked = parts.mask() ? MaskedUpdates.add(adam) : null;
        Op before = masked == null ? adam : masked.train();
        OwnAccumulator own = parts.ownAccumulator() ? own(adam, parts) : null;
        step = own == null ? before : own.train();
        ownSquisher = own == null ? null : Squisher.attach(own).penaltyActive(false);
        session = new Session(network.graph(), ONE_THREAD);
        session.initialize();
    }

    /** The last layer is each task's own: a task's logits have no part in the loss of the others. */
    private static boolean isShared(String variable) {
        return !variable.startsWith(Classifier.HEAD);
    }

    private OwnAccumulator own(Op adam, TrainingParts parts) {
        float beta2 = parts.ownBeta2().orElse(settings.beta2());
        return penalty == null ? OwnAccumulator.add(adam, beta2) : OwnAccumulator.add(adam, beta2, penalty);
    }

    /** A network before its first step, which is closed with the result. */
    public static TrainedNetwork open(Classifier network, TrainingSettings settings, TrainingParts parts) {
        return new TrainedNetwork(network, settings, parts);
    }

    /**
     * Trains a network, which is then closed with the result.
     *
     * @param logitOffsets one row, added to the logits of every image
     */
    public static TrainedNetwork train(
            Classifier network, LabelledImages images, float[] logitOffsets, TrainingSettings settings) {
        TrainedNetwork trained = open(network, settings, TrainingParts.PLAIN);
        trained.run(images, logitOffsets);
        return trained;
    }

    /**
     * Takes the steps of the settings.
     *
     * @param logitOffsets one row, added to the logits of every image
     */
    public void run(LabelledImages images, float... logitOffsets) {
        run(images, logitOffsets, settings.steps());
    }

    /** As {@link #run(LabelledImages, float...)}, with so many steps. */
    public void run(LabelledImages images, float[] logitOffsets, int steps) {
        int batch = Math.min(settings.batchSize(), images.size());
        describe(squisher, batch, images.size());
        if (ownSquisher != null) {
            describe(ownSquisher, batch, images.size());
        }
        Batches batches = new Batches(images, batch, settings.seed());
        float[] offsets = repeated(logitOffsets, batch);
        taken = steps;
        for (int i = 0; i < steps; i++) {
            step(i, batches.next(), offsets);
        }
    }

    /** Says what a step sees; a batch of 1 between, as neither number of an earlier training need fit the other of this one. */
    private static void describe(Squisher hook, int batch, int images) {
        hook.batchSize(1).datasetSize(images).batchSize(batch);
    }

    private static float[] repeated(float[] row, int times) {
        float[] rows = new float[row.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(row, 0, rows, i * row.length, row.length);
        }
        return rows;
    }

    private void step(int number, LabelledImages batch, float... offsets) {
        Shape rows = Shape.of(batch.size(), network.classes());
        try (TFloat32 images = tensor(Shape.of(batch.size(), batch.pixels()), batch.flat());
                TFloat32 labels = tensor(rows, batch.oneHot(network.classes()));
                TFloat32 logitOffsets = tensor(rows, offsets);
                TFloat32 rate = TFloat32.scalarOf(settings.rate(number))) {
            Session.Runner runner = session.runner()
                    .feed(network.images(), images)
                    .feed(network.labels(), labels)
                    .feed(network.logitOffsets(), logitOffsets);
            if (settings.falling()) {
                runner.feed(OrderedAdam.RATE, rate);
            }
            try (var none = runner.addTarget(step).run()) {
                assert none.size() == 0 : "a training step returns nothing";
            }
        }
    }

    private static TFloat32 tensor(Shape shape, float... values) {
        return TFloat32.tensorOf(shape, DataBuffers.of(values));
    }

    /** From now on trains only where a mask is not 0; parameters that {@code masks} does not name are trained whole. */
    public void freeze(Map<String, Tensor> masks) {
        masked.freeze(session, masks);
    }

    /** From now on penalises distance of all layers but the last from the present values: λ/2 Σ F (θ − θ*)². */
    public void hold(FisherDiagonal fisher, double lambda) {
        penalty.addTask(session, fisher, Rescaling.IDENTITY, lambda);
    }

    /** Starts over from these values: the optimizer, its counters and the masks are new. */
    public void restart(Map<String, float[]> values) {
        session.forceInitialize();
        assign(values);
    }

    /** Puts values into the variables; the optimizer goes on as it is. */
    public void assign(Map<String, float[]> values) {
        Session.Runner runner = session.runner();
        List<TFloat32> tensors = new ArrayList<>();
        for (Variable<TFloat32> variable : network.variables()) {
            String name = variable.op().name();
            Assignment assignment = assignments.computeIfAbsent(name, key -> assignment(variable));
            tensors.add(tensor(variable.shape(), values.get(name)));
            runner.feed(assignment.fed(), tensors.get(tensors.size() - 1)).addTarget(assignment.op());
        }
        runner.run().close();
        tensors.forEach(TFloat32::close);
    }

    private record Assignment(Placeholder<TFloat32> fed, Op op) {}

    private Assignment assignment(Variable<TFloat32> variable) {
        Placeholder<TFloat32> fed = network.tf().placeholder(TFloat32.class, Placeholder.shape(variable.shape()));
        return new Assignment(fed, network.tf().assign(variable, fed));
    }

    /**
     * Share of images that the network tells right, percent.
     *
     * @param logitOffsets one row, added to the logits of every image
     */
    public double accuracy(LabelledImages images, float... logitOffsets) {
        int right = 0;
        for (int start = 0; start < images.size(); start += EVALUATED) {
            int end = Math.min(start + EVALUATED, images.size());
            right += right(images.at(IntStream.range(start, end).toArray()), logitOffsets);
        }
        return 100.0 * right / images.size();
    }

    private int right(LabelledImages images, float... logitOffsets) {
        int classes = network.classes();
        try (TFloat32 fed = tensor(Shape.of(images.size(), images.pixels()), images.flat());
                var result = session.runner()
                        .feed(network.images(), fed)
                        .fetch(Classifier.LOGITS)
                        .run()) {
            float[] logits = new float[images.size() * classes];
            ((TFloat32) result.get(0)).copyTo(DataBuffers.of(logits));
            int right = 0;
            for (int n = 0; n < images.size(); n++) {
                int best = 0;
                for (int c = 1; c < classes; c++) {
                    float difference =
                            logits[n * classes + c] + logitOffsets[c] - logits[n * classes + best] - logitOffsets[best];
                    best = difference > 0 ? c : best;
                }
                right += best == images.labels()[n] ? 1 : 0;
            }
            return right;
        }
    }

    /** Saves the checkpoint as TensorFlow does it. */
    public void saveCheckpointAlone(Path prefix) {
        session.save(prefix.toString());
    }

    /** Saves the checkpoint and Adam's accumulators beside it; returns the accumulators' file. */
    public Path save(Path prefix) {
        return squisher.save(session, prefix, taken);
    }

    /** Saves the checkpoint and the own accumulators of the data loss beside it; returns the accumulators' file. */
    public Path saveOwn(Path prefix) {
        return ownSquisher.save(session, prefix);
    }

    /** Exports images to logits. */
    public void export(Path model) {
        OnnxExporter.export(network.graph(), session, List.of(Classifier.IMAGES), List.of(Classifier.LOGITS), model);
    }

    /** Exports what the loss is made of: images and logit offsets to task logits. */
    public void exportTask(Path model) {
        OnnxExporter.export(
                network.graph(),
                session,
                List.of(Classifier.IMAGES, Classifier.LOGIT_OFFSETS),
                List.of(Classifier.TASK_LOGITS),
                model);
    }

    /** The variables' values by name. */
    public Map<String, float[]> values() {
        Map<String, float[]> values = new LinkedHashMap<>();
        Session.Runner runner = session.runner();
        network.variables().forEach(runner::fetch);
        try (var result = runner.run()) {
            int index = 0;
            for (Variable<TFloat32> variable : network.variables()) {
                TFloat32 tensor = (TFloat32) result.get(index++);
                float[] copy = new float[Math.toIntExact(tensor.size())];
                tensor.copyTo(DataBuffers.of(copy));
                values.put(variable.op().name(), copy);
            }
        }
        return values;
    }

    @Override
    public void close() {
        session.close();
        network.close();
    }
}
