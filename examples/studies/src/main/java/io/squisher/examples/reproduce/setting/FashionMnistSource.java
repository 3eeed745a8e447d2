package io.squisher.examples.reproduce.setting;

import io.squisher.examples.data.FashionMnist;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Shuffle;
import io.squisher.examples.data.Split;
import java.util.Arrays;
import java.util.Random;

/** Fashion-MNIST: the authors' test images, and a division of the others that the seed draws. */
public final class FashionMnistSource implements ImageSource {
    /** Of the images to train on, one in so many is kept to choose hyperparameters by. */
    private static final int VALIDATION = 12;

    private final FashionMnist images;

    public FashionMnistSource(FashionMnist images) {
        this.images = images;
    }

    @Override
    public String name() {
        int all = images.training().size();
        return String.format(
                java.util.Locale.ROOT,
                "Fashion-MNIST (images of %d × %d pixels; %,d for training and %,d for validation, drawn by the seed;"
                        + " the %,d test images of its authors)",
                side(),
                side(),
                all - all / VALIDATION,
                all / VALIDATION,
                images.test().size());
    }

    @Override
    public int side() {
        return (int) Math.round(Math.sqrt(images.training().pixels()));
    }

    @Override
    public int classes() {
        return FashionMnist.CLASSES;
    }

    @Override
    public Split split(long seed) {
        LabelledImages all = images.training();
        int[] order = Shuffle.order(all.size(), new Random(seed));
        int training = all.size() - all.size() / VALIDATION;
        return new Split(
                all.at(Arrays.copyOf(order, training)),
                all.at(Arrays.copyOfRange(order, training, all.size())),
                images.test());
    }
}
