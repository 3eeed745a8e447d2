package io.squisher.onnx.reading.opset;

import java.util.List;

/** A sequence that is known when the file is read. */
public sealed interface SequenceValue {
    /** The values in it. */
    record Listed(List<String> elements) implements SequenceValue {}

    /** Its elements are the rows of a tensor. */
    record Stacked(String tensor) implements SequenceValue {}
}
