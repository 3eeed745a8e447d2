package io.squisher.examples.templates;

import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.network.Classifier;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.types.TFloat32;

/** One training step on a batch of digits: what the loops of these templates have inside. */
final class DigitsStep {
    private DigitsStep() {}

    /**
     * Runs {@code training} on a batch.
     *
     * @param logitOffsets one row, added to the logits of every image, see {@link Classifier#offsets}
     * @return the mean loss of the batch, as it was before the step
     */
    static float run(Session session, Classifier network, Op training, LabelledImages batch, float... logitOffsets) {
        float[] offsets = new float[batch.size() * logitOffsets.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = logitOffsets[i % logitOffsets.length];
        }
        Shape rows = Shape.of(batch.size(), network.classes());
        try (TFloat32 images = tensor(Shape.of(batch.size(), batch.pixels()), batch.flat());
                TFloat32 labels = tensor(rows, batch.oneHot(network.classes()));
                TFloat32 offset = tensor(rows, offsets);
                var result = session.runner()
                        .feed(Classifier.IMAGES, images)
                        .feed(Classifier.LABELS, labels)
                        .feed(Classifier.LOGIT_OFFSETS, offset)
                        .addTarget(training)
                        .fetch(network.loss())
                        .run()) {
            return ((TFloat32) result.get(0)).getFloat();
        }
    }

    private static TFloat32 tensor(Shape shape, float... values) {
        return TFloat32.tensorOf(shape, DataBuffers.of(values));
    }
}
