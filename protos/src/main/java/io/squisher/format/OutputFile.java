package io.squisher.format;

import io.squisher.Article;
import io.squisher.SquisherException;
import io.squisher.files.SameFile;
import io.squisher.format.safetensors.SafetensorsFormat;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is looked at before a file is written: no input is lost, and a name says what is inside. */
public final class OutputFile {
    private static final WeightFormat SAFETENSORS = new SafetensorsFormat();

    private OutputFile() {}

    /**
     * Refuses a place where no file can be written, and one whose writing would touch an input or another output.
     *
     * @param output where to write
     * @param touched all that writing there may change: {@link TargetFiles#of}, or the path alone
     * @param inputs what is read, each with all that is read with it
     * @param others the other outputs of the same run
     * @throws SquisherException naming the output and what it would cost
     */
    public static void check(Path output, Set<Path> touched, Collection<Path> inputs, List<Path> others) {
        Path folder = output.toAbsolutePath().getParent();
        if (output.getFileName() == null || Files.isDirectory(output)) {
            throw refused(output, "it is a folder");
        }
        if (folder != null && !Files.isDirectory(folder)) {
            throw refused(output, "there is no folder '" + folder + "'");
        }
        for (Path input : inputs) {
            for (Path source : SourceFiles.of(input)) {
                boolean isInput = !Files.isDirectory(source)
                        && touched.stream().anyMatch(path -> Files.exists(path) && SameFile.is(path, source));
                if (isInput) {
                    String part = source.equals(input) ? "" : "part of ";
                    throw refused(output, "it is " + part + "the input '" + input + "'; give the output another name");
                }
            }
        }
        for (Path other : others) {
            if (touched.stream().anyMatch(path -> SameFile.is(path, other))) {
                throw refused(output, "'" + other + "' is written as well; give one of them another name");
            }
        }
    }

    /**
     * Refuses a name for safetensors that promises another format.
     *
     * @param what is written: {@code a Fisher}
     */
    public static void requireSafetensors(Path output, String what) {
        WeightFormats.byName(output)
                .filter(format -> !isWrittenAs(format, SAFETENSORS))
                .ifPresent(format -> {
                    throw refused(
                            output,
                            nameOf(format) + what + " is " + Article.of(SAFETENSORS.writtenAs())
                                    + "; give a name that ends in .safetensors");
                });
    }

    /**
     * Refuses a name under which a model like {@code template} could not be read again.
     *
     * @param template the model that the output is written like
     */
    public static void requireModelName(Path output, WeightSource template) {
        problemOfModelName(output, template).ifPresent(problem -> {
            throw refused(output, problem);
        });
    }

    /** Why a model like {@code template} could not be read again under that name; empty if it could. */
    public static Optional<String> problemOfModelName(Path output, WeightSource template) {
        WeightFormat format = template.format();
        return WeightFormats.byName(output)
                .filter(promised -> !isWrittenAs(promised, format))
                .map(promised -> nameOf(promised) + "a model like '" + template.path() + "' is written as "
                        + format.writtenAs() + "; give a name that ends in " + format.writtenSuffixes());
    }

    private static boolean isWrittenAs(WeightFormat promised, WeightFormat written) {
        return !promised.isReadOnly() && promised.writtenAs().equals(written.writtenAs());
    }

    private static String nameOf(WeightFormat promised) {
        return "its name is that of " + Article.of(promised.name()) + ", and ";
    }

    private static SquisherException refused(Path output, String why) {
        return new SquisherException("cannot write '" + output + "': " + why);
    }
}
