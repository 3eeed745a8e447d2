package io.squisher.examples.demo;

import io.squisher.Counted;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.examples.data.Digits;
import io.squisher.examples.network.Classifier;
import io.squisher.fisher.FisherScale;

/**
 * What is trained, and how.
 *
 * @param pretrainingSteps steps of the shared network on all ten classes
 * @param steps steps of fine-tuning on each half of the classes
 * @param learningRate Adam's, in fine-tuning
 * @param classes over which classes the softmax of fine-tuning goes
 */
record DemoSettings(int pretrainingSteps, int steps, float learningRate, SoftmaxClasses classes) {
    static final int HIDDEN = 128;
    static final int BATCH = 32;
    static final float PRETRAINING_RATE = 1e-3f;

    /** Steps and learning rate: the best for AVERAGING on validation images, of those that {@code --grid} tries. */
    static final DemoSettings DEFAULT = new DemoSettings(20, 600, 3e-3f, SoftmaxClasses.OWN);

    /**
     * The reference's normalisation, for Fisher and Squisher alike: how large a Fisher is depends on how small the
     * model's training loss has become, which says nothing on how much the model should count.
     */
    static final FisherMergeOptions MERGE = new FisherMergeOptions(
            Floor.NONE, FisherMergeOptions.DEFAULT_FLOOR, Normalization.L2, FisherScale.BATCH_IF_KNOWN);

    static final Classifier.Body BODY = Classifier.Body.oneHiddenLayer(Digits.PIXELS, HIDDEN, Digits.CLASSES);

    /** The classes that compete in a fine-tuned model's softmax. */
    enum SoftmaxClasses {
        /** Those of its task; its logits of the others stay as pre-trained. */
        OWN,
        /** All ten: the model also learns that it never sees the others. */
        ALL
    }

    DemoSettings with(int newSteps, float newRate) {
        return new DemoSettings(pretrainingSteps, newSteps, newRate, classes);
    }

    /** The settings as a sentence. */
    String text() {
        return "A network 64-" + HIDDEN + "-10 with ReLU is pre-trained for " + Counted.of(pretrainingSteps, "step")
                + " on all ten digits (Adam, learning rate " + PRETRAINING_RATE + "), then fine-tuned twice for "
                + Counted.of(steps, "step") + " on five of them each (Adam, learning rate " + learningRate
                + ", beta2 0.999, softmax over "
                + (classes == SoftmaxClasses.OWN ? "the model's own five classes" : "all ten classes")
                + "); batches of " + BATCH
                + ". Each seed draws its own split (60 % training, 20 % validation, 20 % test), its own halves of the"
                + " classes and its own initial weights.";
    }
}
