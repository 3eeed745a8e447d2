package io.squisher.examples.reproduce.setting;

import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.Classifier.Body;
import io.squisher.examples.network.InitialValues;

/**
 * A network over the pixels of images.
 *
 * @param words it in words
 * @param pixels values in an image
 * @param outputs logits
 */
public record Architecture(String words, Body body, int pixels, int outputs) {
    public static Architecture oneHiddenLayer(int pixels, int hidden, int outputs) {
        return new Architecture(
                "MLP " + pixels + "-" + hidden + "-" + outputs,
                Body.oneHiddenLayer(pixels, hidden, outputs),
                pixels,
                outputs);
    }

    public static Architecture twoHiddenLayers(int pixels, int hidden, int outputs) {
        return new Architecture(
                "MLP " + pixels + "-" + hidden + "-" + hidden + "-" + outputs,
                Body.twoHiddenLayers(pixels, hidden, outputs),
                pixels,
                outputs);
    }

    /** Two convolutions of 5 × 5, and a hidden layer. */
    public static Architecture convolutional(int side, int channels, int hidden, int outputs) {
        return new Architecture(
                "CNN: convolutions 5 × 5 of " + channels + " and " + 2 * channels
                        + " channels, each max-pooled, a hidden layer of " + hidden,
                Body.convolutional(side, channels, hidden, outputs),
                side * side,
                outputs);
    }

    /** Two blocks of two convolutions of 3 × 3, and a hidden layer. */
    public static Architecture vggLike(int side, int channels, int hidden, int outputs) {
        return new Architecture(
                "VGG-like CNN: two blocks of two convolutions 3 × 3 of " + channels + " and " + 2 * channels
                        + " channels, each block max-pooled, a hidden layer of " + hidden,
                Body.vggLike(side, channels, hidden, outputs),
                side * side,
                outputs);
    }

    public Classifier network(InitialValues initial) {
        return new Classifier(body, pixels, outputs, initial);
    }
}
