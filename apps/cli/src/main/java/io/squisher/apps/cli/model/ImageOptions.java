package io.squisher.apps.cli.model;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.image.ImageChoice;
import io.squisher.onnx.image.ImageFit;
import io.squisher.onnx.image.ImageReader;
import io.squisher.onnx.image.ImageScale;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.commons.cli.Options;

/** The options of commands that take pictures in place of arrays. */
public final class ImageOptions {
    static final String IMAGES = "images";

    /** Options that say something of pictures. */
    static final List<String> OTHERS = List.of("image-size", "image-fit", "image-scale", "validation-images");

    private static final int MOST_PIXELS = 1 << 13;

    private final Values values;

    ImageOptions(Values values) {
        this.values = values;
    }

    /** Declares them. */
    public static Options declareIn(Options options) {
        return options.addOption(Flags.path(
                        IMAGES,
                        "DIR",
                        "pictures with labels in place of --data, PNG or JPEG: a folder with a folder for each class, or a"
                                + " list.csv with a line path,label for each picture"))
                .addOption(Flags.value(
                        "image-size",
                        "S",
                        Domain.countUpTo(MOST_PIXELS),
                        "width and height of --images where the model takes any"))
                .addOption(Flags.value(
                        "image-fit",
                        "F",
                        Domain.oneOf(ImageFit.class),
                        "crop (default: scaled until it covers the input, the middle cut out) or stretch"))
                .addOption(Flags.value(
                        "image-scale",
                        "R",
                        Domain.oneOf(ImageScale.class),
                        "what values are: imagenet (default for colours: that mean and deviation), unit (default for grey: 0 to"
                                + " 1), symmetric (-1 to 1) or bytes (0 to 255)"));
    }

    /** A reader of pictures for a model. */
    ImageReader reader(OnnxFile model) {
        OnnxOptions options = new OnnxOptions(values);
        Optional<Long> side = values.wholeNumber("image-size");
        Optional<Long> limit = values.wholeNumber("limit");
        return ImageReader.of(
                model,
                new ImageChoice(
                        side.isPresent() ? OptionalInt.of(Math.toIntExact(side.get())) : OptionalInt.empty(),
                        values.choice("image-fit", ImageFit.class).orElse(ImageFit.CROP),
                        values.choice("image-scale", ImageScale.class),
                        options.labels(),
                        options.likelihood(),
                        limit.isPresent() ? OptionalLong.of(limit.get()) : OptionalLong.empty()));
    }
}
