package io.squisher.format;

import io.squisher.SquisherException;
import io.squisher.files.SameFile;
import io.squisher.format.onnx.OnnxFormat;
import io.squisher.format.safetensors.ReadOnlyFormat;
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
    private static final String SAFETENSORS = "safetensors";

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
        Optional<WeightFormat> promised = WeightFormats.byName(output);
        if (promised.filter(format -> !format.name().startsWith(SAFETENSORS)).isPresent()) {
            throw refused(
                    output,
                    "its name is that of " + withArticle(promised.get().name()) + ", and " + what
                            + " is a safetensors file; give a name that ends in .safetensors");
        }
    }

    /**
     * Refuses a name under which a model like {@code template} could not be read again.
     *
     * @param template the model that the output is written like
     */
    public static void requireModelName(Path output, WeightSource template) {
        WeightFormat format = template.format();
        boolean readOnly = format instanceof ReadOnlyFormat;
        // Safetensors in one file and in several are one format in two.
        boolean safetensors = readOnly || format.name().startsWith(SAFETENSORS);
        Optional<String> promised = WeightFormats.byName(output).map(WeightFormat::name);
        boolean fits = safetensors
                ? promised.filter(name -> !name.startsWith(SAFETENSORS)).isEmpty()
                : promised.isEmpty() || format.recognises(output);
        if (!fits) {
            throw refused(
                    output,
                    "its name is that of " + withArticle(promised.orElseThrow()) + ", and a model like '"
                            + template.path()
                            + "' is written as " + (readOnly ? "safetensors file" : format.name())
                            + "; give a name that ends in " + suffixes(format, safetensors));
        }
    }

    private static String suffixes(WeightFormat format, boolean safetensors) {
        if (safetensors) {
            return ".safetensors or .safetensors.index.json";
        }
        return format instanceof OnnxFormat ? ".onnx" : ".index";
    }

    private static String withArticle(String format) {
        return ("AEIOUaeiou".indexOf(format.charAt(0)) < 0 ? "a " : "an ") + format;
    }

    private static SquisherException refused(Path output, String why) {
        return new SquisherException("cannot write '" + output + "': " + why);
    }
}
