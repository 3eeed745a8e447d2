package io.squisher.apps.cli.option;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Converter;

/**
 * What a command writes. It is declared with the option that says where ({@link Flags#output(OutputKind, String)}), and
 * {@link OutputGuard} looks after it: there is no other way to a path that may be written.
 */
public enum OutputKind implements Converter<Path, RuntimeException> {
    FISHER("a Fisher", ".safetensors", FileKind.FISHER),
    /** A Fisher, or sums that become one. */
    FISHER_OR_SUMS("a Fisher or its sums", ".safetensors or .sums", FileKind.FISHER, FileKind.SUMS),
    MASK("a mask", ".safetensors", FileKind.MASK),
    DELTA("a delta", ".safetensors", FileKind.DELTA),
    /** The centre of a penalty. */
    ANCHOR("weights as safetensors", ".safetensors", FileKind.WEIGHTS),
    GRAPH("an ONNX model", ".onnx", FileKind.ONNX),
    /** A model in the format of one that is read; whether its name fits that format is known when that is open. */
    MODEL(
            "a model in the format of the one that is read",
            ".onnx, .safetensors, .safetensors.index.json or .index",
            FileKind.ONNX,
            FileKind.WEIGHTS,
            FileKind.INDEX,
            FileKind.BUNDLE),
    /** A trained model, with what {@link TrainedFiles} lists beside it. */
    TRAINED_MODEL("an ONNX model", ".onnx", FileKind.ONNX),
    EMBEDDING("a task embedding", ".npy or .json", FileKind.NPY, FileKind.EMBEDDING),
    PLAN("a quantization plan", ".json", FileKind.PLAN),
    /** A number for each example. */
    SCORES("numbers of examples", ".npy", FileKind.NPY),
    PICTURE("a picture", ".png or .svg", FileKind.PNG, FileKind.SVG),
    /** A page for people; its numbers go beside it. */
    PAGE("a page", ".html", FileKind.HTML),
    /** A folder for a report and what it rests on. What else is in it is that command's own. */
    REPORT_FOLDER("a folder", ""),
    /** A folder that checkpoints of a training come into and go from; the trainer itself minds what is there. */
    CHECKPOINT_FOLDER("a folder", "");

    /** What may stand in a {@link #REPORT_FOLDER} under its own name; each by its suffix. */
    private static final List<String> REPORT = List.of("report.html", "results.json", "panels.png", "tables.md");

    private final String words;
    private final String suffixes;
    private final Set<FileKind> kinds = EnumSet.noneOf(FileKind.class);

    OutputKind(String words, String suffixes, FileKind... kinds) {
        this.words = words;
        this.suffixes = suffixes;
        this.kinds.addAll(List.of(kinds));
    }

    /** With an article, for messages. */
    String words() {
        return words;
    }

    /** The suffixes that a name may have, for messages. */
    String suffixes() {
        return suffixes;
    }

    /** Whether a folder is named, and not a file. */
    public boolean isFolder() {
        return this == REPORT_FOLDER || this == CHECKPOINT_FOLDER;
    }

    /** Whether the suffix decides what is written, so that there must be one of {@link #suffixes()}. */
    boolean needsSuffix() {
        return this == EMBEDDING || this == SCORES || this == PICTURE || this == PAGE;
    }

    /** What a file of this name will hold; several kinds where the name leaves it open; none if the name does not fit. */
    public Set<FileKind> kindsUnder(Path name) {
        Set<FileKind> promised = FileKind.promisedBy(name);
        if (promised.isEmpty()) {
            return needsSuffix() ? Set.of() : kinds;
        }
        Set<FileKind> fitting = EnumSet.copyOf(kinds);
        fitting.retainAll(promised);
        return fitting;
    }

    /** The files that are written under a name of their own in the folder. */
    List<Path> inFolder(Path folder) {
        return this == REPORT_FOLDER ? REPORT.stream().map(folder::resolve).toList() : List.of();
    }

    @Override
    public Path apply(String text) {
        return Path.of(text);
    }
}
