package io.squisher.examples.reproduce.setting;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Weights and diagonals that stay open until what is computed from them is written. */
public final class OpenFiles implements AutoCloseable {
    private final Deque<Runnable> closing = new ArrayDeque<>();

    public WeightSource weights(Path file) {
        WeightSource source = WeightFormats.open(file);
        closing.push(source::close);
        return source;
    }

    public NamedFisher fisher(Path file) {
        FisherFile opened = FisherFile.open(file);
        closing.push(opened::close);
        return new NamedFisher(file.getFileName().toString(), opened.diagonal());
    }

    /** Writes a model like {@code template} with other values. */
    public static Path write(
            Path target, WeightSource template, Map<String, Tensor> tensors, Map<String, String> metadata) {
        template.format().write(target, template, tensors, metadata);
        return target;
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
    }
}
