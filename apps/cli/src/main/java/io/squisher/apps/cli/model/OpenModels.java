package io.squisher.apps.cli.model;

import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.UsageException;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Progress;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.fisher.FisherFile;
import io.squisher.format.OutputFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.ShardedSafetensorsFormat;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The models and Fishers of a command line, open until the work is done. */
public final class OpenModels implements AutoCloseable {
    private final List<Model> models = new ArrayList<>();
    private final List<AutoCloseable> files = new ArrayList<>();

    /** A model, its Fisher if it has one, and the options that named them. */
    public record Model(WeightSource weights, Optional<NamedFisher> fisher, ModelOptions options) {}

    private OpenModels() {}

    /**
     * Opens all files; those that cannot be read are reported together.
     *
     * @throws io.squisher.SquisherException if one cannot be opened
     */
    public static OpenModels open(List<ModelOptions> all, NameMatching matching) {
        return open(all, Optional.empty(), matching);
    }

    /**
     * As {@link #open(List, NameMatching)}, for a model like the first that will be written to {@code output}.
     *
     * @throws UsageException if the output's name is that of another format
     */
    public static OpenModels open(List<ModelOptions> all, Optional<Output> output, NameMatching matching) {
        OpenModels open = new OpenModels();
        Problems problems = new Problems("cannot read the input");
        for (ModelOptions options : all) {
            Optional<WeightSource> weights = open.tryOpen(options.model(), WeightFormats::open, problems);
            Optional<NamedFisher> fisher = options.fisher()
                    .flatMap(path -> open.tryOpen(path, FisherFile::open, problems)
                            .map(file -> new NamedFisher(path.toString(), file.diagonal())));
            weights.ifPresent(source -> open.models.add(new Model(source, fisher, options)));
        }
        try {
            problems.throwIfAny();
            output.ifPresent(open::requireFittingName);
            open.match(matching);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
        return open;
    }

    /** Models get the names of the first, Fishers those of their models. */
    private void match(NameMatching matching) {
        WeightSource first = models.get(0).weights();
        models.replaceAll(model -> {
            WeightSource weights = model.weights() == first ? first : matching.matched(first, model.weights());
            return new Model(weights, model.fisher().map(fisher -> matching.matched(weights, fisher)), model.options());
        });
        matching.requireUsed();
    }

    private <T extends AutoCloseable> Optional<T> tryOpen(
            Path path, java.util.function.Function<Path, T> opener, Problems problems) {
        List<T> opened = new ArrayList<>();
        problems.collect(() -> opened.add(opener.apply(path)));
        files.addAll(opened);
        return opened.stream().findFirst();
    }

    public List<Model> models() {
        return models;
    }

    /** Writes the first model with other tensors and more metadata, showing progress. */
    public void writeLikeFirst(
            Output target, Map<String, Tensor> tensors, Map<String, String> metadata, Console console) {
        writeLikeFirst(target, tensors, metadata, OptionalLong.empty(), console);
    }

    /**
     * As {@link #writeLikeFirst(Output, Map, Map, Console)}.
     *
     * @param shardBytes at which a model of several safetensors files begins a new one; the format's own size if not given
     */
    public void writeLikeFirst(
            Output target,
            Map<String, Tensor> tensors,
            Map<String, String> metadata,
            OptionalLong shardBytes,
            Console console) {
        WeightSource first = models.get(0).weights();
        if (!first.unread().isEmpty()) {
            console.warn("tensors of '" + first.path() + "' that cannot be read are not in '" + target.path() + "': "
                    + unread(first));
        }
        try (Progress progress = Progress.over("writing " + target.path().getFileName(), tensors, console)) {
            if (shardBytes.isPresent()) {
                ShardedSafetensorsFormat.write(
                        target.path(), first, progress.tensors(), metadata, shardBytes.getAsLong());
            } else {
                first.format().write(target.path(), first, progress.tensors(), metadata);
            }
        }
    }

    /** The tensors that a file has and nobody can read, with their types, or what they lack. */
    public static String unread(WeightSource source) {
        return source.unread().entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    /** A file whose name promises another format could not be read again. */
    private void requireFittingName(Output output) {
        OutputFile.problemOfModelName(output.path(), models.get(0).weights()).ifPresent(problem -> {
            throw new UsageException("cannot write '" + output + "': " + problem);
        });
    }

    @Override
    public void close() {
        for (AutoCloseable file : files) {
            try {
                file.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
