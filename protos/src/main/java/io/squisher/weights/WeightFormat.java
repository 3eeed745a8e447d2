package io.squisher.weights;

import io.squisher.files.ContentKind;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A file format that holds named weights. A new one is a package under {@code io.squisher.format} and a line in {@code io.squisher.format.WeightFormats}. */
public interface WeightFormat {
    /** Its name in messages: {@code ONNX model}. */
    String name();

    /** Whether this name is one of this format. Reads little and never fails. */
    boolean recognises(Path path);

    /** The contents by which it is known, whatever a file is called. */
    default Set<ContentKind> contents() {
        return Set.of();
    }

    /** Whether files of this format are only read, and a model in one is written in another. */
    default boolean isReadOnly() {
        return false;
    }

    /** The name of the format that a model like one of this format is written in. */
    default String writtenAs() {
        return name();
    }

    /** What the names of files that are written like one of this format end in, for messages. */
    String writtenSuffixes();

    /** Whether a tensor may be written in another type than the template's. */
    default boolean takesOtherTypes() {
        return false;
    }

    /** Whether a file has the graph that the weights belong to. */
    default boolean hasGraph() {
        return false;
    }

    /** Opens a file of this format. */
    WeightSource open(Path path);

    /**
     * Writes a model like {@code template} with other values, atomically.
     *
     * @param target where to write; not the template's own file, which is refused
     * @param template a source of this format; everything that {@code replaced} does not name is copied from it
     * @param replaced tensors by name; they may be computed as they are read
     * @param metadata added to the file's metadata, where an equal key is replaced
     */
    void write(Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata);
}
