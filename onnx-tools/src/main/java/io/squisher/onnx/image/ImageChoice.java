package io.squisher.onnx.image;

import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How pictures are read.
 *
 * @param side width and height where the model leaves them open
 * @param scale what values become; if absent as for ImageNet for three channels, and from 0 to 1 for one
 * @param labels the name of the array that the labels become
 * @param likelihood what labels are: names or numbers of classes for a categorical one, numbers for others
 * @param limit the number of pictures that are read
 */
public record ImageChoice(
        OptionalInt side,
        ImageFit fit,
        Optional<ImageScale> scale,
        String labels,
        Likelihood likelihood,
        OptionalLong limit) {
    /** Classes, and all else as the model says. */
    public static ImageChoice usual() {
        return new ImageChoice(
                OptionalInt.empty(),
                ImageFit.CROP,
                Optional.empty(),
                "labels",
                new Likelihood.Categorical(-1),
                OptionalLong.empty());
    }
}
