package io.squisher.onnx.image;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.PlacedRows;
import io.squisher.onnx.fisher.labels.WordLabels;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads labelled pictures, PNG or JPEG, as what a model takes:
 *
 * <pre>{@code
 * ImageReader reader = ImageReader.of(OnnxFile.read(network), ImageChoice.usual());
 * Examples training = reader.readNew(Path.of("train"));
 * Examples validation = reader.read(Path.of("validation"));
 * OnnxTrainer.of(network).head(reader.classes().orElseThrow().count()).examples(training).validation(validation);
 * }</pre>
 *
 * <p>A source is a folder with a folder of pictures for each class, or a list with a line {@code path,label} for each picture.
 * Pictures are decoded as they are read.
 */
public final class ImageReader {
    private static final int COLOURS = 3;

    private final ImageInput input;
    private final ImageChoice choice;
    private final WordLabels labels;

    private ImageReader(OnnxFile model, ImageChoice choice) {
        this.input = ImageInput.of(model, choice.side());
        this.choice = choice;
        this.labels = new WordLabels(model, choice.likelihood());
    }

    /**
     * A reader for a model.
     *
     * @throws SquisherException if the model takes no pictures, or of a size that was not said
     */
    public static ImageReader of(OnnxFile model, ImageChoice choice) {
        return new ImageReader(model, choice);
    }

    /**
     * Reads labels that the model knows: by the names that it keeps, those of {@link #readNew}, or numbers of classes.
     *
     * @throws SquisherException if there are no pictures, or a label is no class
     */
    public Examples read(Path source) {
        return read(source, false);
    }

    /** As {@link #read}; the labels that there are become the classes. */
    public Examples readNew(Path source) {
        return read(source, true);
    }

    /** What the classes are called; empty before any were read, and where labels are no classes. */
    public Optional<ClassNames> classes() {
        return labels.classes();
    }

    private Examples read(Path source, boolean fresh) {
        ImageList all = ImageList.of(source);
        ImageList list = choice.limit().isPresent() ? all.limit(choice.limit().getAsLong()) : all;
        Tensor numbers = labels.read(
                list.labels(), source.toString(), i -> "'" + list.files().get(i) + "'", fresh);
        ImageScale scale = choice.scale().orElse(input.channels() == COLOURS ? ImageScale.IMAGENET : ImageScale.UNIT);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put(input.name(), new ImageArray(list.files(), input, choice.fit(), scale));
        arrays.put(choice.labels(), numbers);
        List<PlacedRows> places = new ArrayList<>();
        list.files().forEach(file -> PlacedRows.add(places, file.toString(), 0));
        return Examples.of(source.toString(), arrays).placed(places);
    }
}
