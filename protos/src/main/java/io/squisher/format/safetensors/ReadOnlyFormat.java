package io.squisher.format.safetensors;

import io.squisher.Article;
import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Map;

/** A format of another program that is only read; a model in it is written as safetensors. */
public abstract class ReadOnlyFormat implements WeightFormat {
    private final SafetensorsFormat substitute = new SafetensorsFormat();

    @Override
    public final boolean isReadOnly() {
        return true;
    }

    @Override
    public final String writtenAs() {
        return SafetensorsFile.FORMAT;
    }

    @Override
    public final String writtenSuffixes() {
        return SafetensorsFormat.SUFFIXES;
    }

    @Override
    public final boolean takesOtherTypes() {
        return true;
    }

    @Override
    public final void write(
            Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata) {
        if (!substitute.recognises(target)) {
            throw new SquisherException("cannot write '" + target + "': " + Article.of(name())
                    + " is only read; give an output that ends in .safetensors");
        }
        substitute.write(target, template, replaced, metadata);
    }
}
