package io.squisher.examples.network;

import io.squisher.examples.data.Batches;
import io.squisher.examples.data.LabelledImages;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.export.OnnxExporter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/** A classifier in a session after its training, with the hook attached. */
public final class TrainedNetwork implements AutoCloseable {
    /** One thread: for networks this small it is faster, and sums are always added up in the same order. */
    private static final ConfigProto ONE_THREAD = ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(1)
            .build();

    private final Classifier network;
    private final Session session;
    private final Squisher squisher;

    private TrainedNetwork(Classifier network, Session session, Squisher squisher) {
        this.network = network;
        this.session = session;
        this.squisher = squisher;
    }

    /**
     * Trains a network, which is then closed with the result.
     *
     * @param logitOffsets one row, added to the logits of every image
     */
    public static TrainedNetwork train(
            Classifier network, LabelledImages images, float[] logitOffsets, TrainingSettings settings) {
        Op step = OrderedAdam.minimize(network.tf(), network.loss(), network.variables(), settings);
        Squisher squisher =
                Squisher.attach(network.graph()).batchSize(settings.batchSize()).datasetSize(images.size());
        Session session = new Session(network.graph(), ONE_THREAD);
        TrainedNetwork trained = new TrainedNetwork(network, session, squisher);
        session.initialize();
        Batches batches = new Batches(images, settings.batchSize(), settings.seed());
        float[] offsets = repeated(logitOffsets, settings.batchSize());
        for (int i = 0; i < settings.steps(); i++) {
            trained.step(step, batches.next(), offsets);
        }
        return trained;
    }

    private static float[] repeated(float[] row, int times) {
        float[] rows = new float[row.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(row, 0, rows, i * row.length, row.length);
        }
        return rows;
    }

    private void step(Op step, LabelledImages batch, float... offsets) {
        Shape rows = Shape.of(batch.size(), network.classes());
        try (TFloat32 images = tensor(Shape.of(batch.size(), batch.pixels()), batch.flat());
                TFloat32 labels = tensor(rows, batch.oneHot(network.classes()));
                TFloat32 logitOffsets = tensor(rows, offsets);
                var none = session.runner()
                        .feed(network.images(), images)
                        .feed(network.labels(), labels)
                        .feed(network.logitOffsets(), logitOffsets)
                        .addTarget(step)
                        .run()) {
            assert none.size() == 0 : "a training step returns nothing";
        }
    }

    private static TFloat32 tensor(Shape shape, float... values) {
        return TFloat32.tensorOf(shape, DataBuffers.of(values));
    }

    /** Saves the checkpoint as TensorFlow does it. */
    public void saveCheckpointAlone(Path prefix) {
        session.save(prefix.toString());
    }

    /** Saves the checkpoint and Adam's accumulators beside it; returns the accumulators' file. */
    public Path save(Path prefix) {
        return squisher.save(session, prefix);
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
        for (Variable<TFloat32> variable : network.variables()) {
            try (var result = session.runner().fetch(variable).run()) {
                TFloat32 tensor = (TFloat32) result.get(0);
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
