package io.squisher.examples.reproduce.text.task;

import io.squisher.format.onnx.OnnxFile;
import java.nio.file.Path;

/**
 * A pre-trained encoder of texts.
 *
 * @param name what it is called in reports
 * @param model tokens to a vector for each token
 * @param tokenizer its {@code tokenizer.json}
 */
public record Encoder(String name, Path model, Path tokenizer) {
    /** The output with a vector for each token. */
    public String output() {
        return OnnxFile.read(model).model().getGraph().getOutput(0).getName();
    }
}
