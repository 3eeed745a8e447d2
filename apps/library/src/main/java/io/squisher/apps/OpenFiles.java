package io.squisher.apps;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.fisher.FisherFile;
import io.squisher.format.OutputFile;
import io.squisher.format.TargetFiles;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The files of one run, open until its output is written. */
final class OpenFiles implements AutoCloseable {
    private final Deque<AutoCloseable> files = new ArrayDeque<>();
    private final Problems problems = new Problems("cannot read the input");

    /** The models of these paths, in their order; what cannot be read is told by {@link #throwIfAny}. */
    List<WeightSource> models(Collection<Path> paths) {
        return all(paths, WeightFormats::open);
    }

    /** The Fishers of these paths, in their order. */
    List<NamedFisher> fishers(Collection<Path> paths) {
        return all(paths, FisherFile::open).stream()
                .map(file -> new NamedFisher(file.path().toString(), file.diagonal()))
                .toList();
    }

    private <T extends AutoCloseable> List<T> all(Collection<Path> paths, Function<Path, T> opener) {
        List<T> opened = new ArrayList<>();
        for (Path path : paths) {
            problems.collect(() -> opened.add(keep(opener.apply(path))));
        }
        return opened;
    }

    /** Closes {@code file} with the others. */
    <T extends AutoCloseable> T keep(T file) {
        files.push(file);
        return file;
    }

    /**
     * Ends the run if a file could not be read.
     *
     * @throws SquisherException with all of them
     */
    void throwIfAny() {
        problems.throwIfAny();
    }

    /** Looks at a place for a model before anything is read. */
    static void checkModel(Path output, Collection<Path> inputs, Path... others) {
        OutputFile.check(output, TargetFiles.of(output), inputs, List.of(others));
    }

    /** Looks at a place for a safetensors file of ours before anything is read. */
    static void checkSafetensors(Path output, String what, Collection<Path> inputs, Path... others) {
        OutputFile.requireSafetensors(output, what);
        OutputFile.check(output, Set.of(output), inputs, List.of(others));
    }

    /** Refuses a name that promises another format than the one in which a model like {@code template} is written. */
    static void checkName(Path output, WeightSource template) {
        OutputFile.requireModelName(output, template);
    }

    /** Writes a model like {@code template}. */
    static void write(Path output, WeightSource template, Map<String, Tensor> tensors, Map<String, String> metadata) {
        checkName(output, template);
        template.format().write(output, template, tensors, metadata);
    }

    /**
     * One value for each model.
     *
     * @param what they are, for the message: {@code Fishers}
     */
    static void requireOneEach(String task, int models, int given, String what) {
        if (given != models) {
            throw new SquisherException(task + ": got " + given + " " + what + " for " + Counted.of(models, "model")
                    + "; give one for each, in their order");
        }
    }

    /** What a required setting must not be without. */
    static <T> T required(Optional<T> setting, String task, String call) {
        return setting.orElseThrow(() -> new SquisherException(task + ": say " + call + " before"));
    }

    @Override
    public void close() {
        while (!files.isEmpty()) {
            try {
                files.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
