package io.squisher.examples.reproduce.setting;

import io.squisher.examples.data.Digits;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;

/** The embedded digits: 1,797 images of 8 × 8 pixels. */
public final class DigitsSource implements ImageSource {
    private final LabelledImages digits = Digits.load();

    @Override
    public String name() {
        return "digits (1,797 images of 8 × 8 pixels; 60 % training, 20 % validation, 20 % test, drawn by the seed)";
    }

    @Override
    public int side() {
        return 8;
    }

    @Override
    public int classes() {
        return Digits.CLASSES;
    }

    @Override
    public Split split(long seed) {
        return Split.of(digits, seed);
    }
}
