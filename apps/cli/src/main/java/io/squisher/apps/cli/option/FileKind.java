package io.squisher.apps.cli.option;

import io.squisher.SquisherException;
import io.squisher.apps.quantization.PlanJson;
import io.squisher.files.ContentKind;
import io.squisher.files.FileStart;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.mask.DeltaFile;
import io.squisher.mask.MaskFile;
import io.squisher.onnx.fisher.FisherSumsFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a file holds, as far as it matters before another one takes its place; and what a name promises. */
public enum FileKind {
    NOTHING("nothing"),
    FISHER("a Fisher"),
    SUMS("sums of a Fisher"),
    MASK("a mask"),
    DELTA("a delta"),
    WEIGHTS("weights as safetensors"),
    INDEX("the index of a model in several files"),
    ONNX("an ONNX model"),
    BUNDLE("a TensorFlow checkpoint"),
    NPY("an array of NumPy"),
    ARCHIVE("an archive: PyTorch, Keras or NumPy"),
    HDF5("an HDF5 file"),
    MSGPACK("a MessagePack file"),
    EMBEDDING("a task embedding"),
    PLAN("a quantization plan"),
    JSON("JSON"),
    PNG("a picture (PNG)"),
    SVG("a picture (SVG)"),
    HTML("a web page"),
    TABLES("tables of results"),
    TEXT("text"),
    OTHER("something else");

    private static final int LOOKED_AT = 4096;

    /** By suffix; of two that fit, the longer stands first. */
    private static final Map<String, Set<FileKind>> SUFFIXES = new LinkedHashMap<>();

    static {
        promise(EnumSet.of(INDEX), ".safetensors.index.json", ".bin.index.json");
        promise(EnumSet.of(FISHER, SUMS, MASK, DELTA, WEIGHTS), ".safetensors");
        promise(EnumSet.of(SUMS), ".sums");
        promise(EnumSet.of(ONNX), ".onnx");
        promise(EnumSet.of(BUNDLE), ".index");
        promise(EnumSet.of(NPY), ".npy");
        promise(EnumSet.of(ARCHIVE), ".npz", ".pt", ".pth", ".bin", ".ckpt", ".keras", ".zip");
        promise(EnumSet.of(HDF5), ".h5", ".hdf5");
        promise(EnumSet.of(MSGPACK), ".msgpack");
        promise(EnumSet.of(EMBEDDING, PLAN, JSON), ".json");
        promise(EnumSet.of(PNG), ".png");
        promise(EnumSet.of(SVG), ".svg");
        promise(EnumSet.of(HTML), ".html", ".htm");
        promise(EnumSet.of(TABLES), "tables.md");
        promise(EnumSet.of(TEXT), ".txt", ".md", ".csv", ".tsv", ".yaml", ".yml", ".log", ".py", ".java", ".xml");
        promise(EnumSet.of(OTHER), ".pb", ".tflite", ".gguf", ".pkl", ".pickle", ".tar", ".gz", ".jpg", ".pdf", ".ort");
    }

    private final String words;

    FileKind(String words) {
        this.words = words;
    }

    private static void promise(Set<FileKind> kinds, String... suffixes) {
        for (String suffix : suffixes) {
            SUFFIXES.put(suffix, kinds);
        }
    }

    /** The kind with an article, for messages. */
    String words() {
        return words;
    }

    /** What a file of this name is expected to hold, by its suffix in any case; empty if the name promises nothing. */
    static Set<FileKind> promisedBy(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return SUFFIXES.entrySet().stream()
                .filter(entry -> name.endsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Set.of());
    }

    /** What a file of this name is expected to be, in words; only for a name that promises something. */
    static String promiseOf(Path path) {
        Set<FileKind> kinds = promisedBy(path);
        if (kinds.contains(WEIGHTS)) {
            return "a safetensors file";
        }
        return kinds.contains(JSON) ? "a JSON file" : list(kinds);
    }

    /** What the file at {@code path} holds, by its content; {@link #NOTHING} if it is empty or missing. */
    public static FileKind of(Path path) {
        byte[] start = FileStart.of(path, LOOKED_AT);
        if (start.length == 0) {
            return Files.isReadable(path) || !Files.exists(path) ? NOTHING : OTHER;
        }
        Optional<ContentKind> content = ContentKind.of(path);
        return content.isPresent() ? ofContent(content.get(), path) : ofStart(start);
    }

    private static FileKind ofContent(ContentKind content, Path path) {
        return switch (content) {
            case SAFETENSORS -> safetensors(path);
            case SAFETENSORS_INDEX, TORCH_INDEX -> INDEX;
            case ONNX -> onnx(path);
            case HDF5 -> HDF5;
            case MSGPACK -> MSGPACK;
            case TENSORFLOW_INDEX -> BUNDLE;
            case KERAS_ARCHIVE, NUMPY_ARCHIVE, TORCH_ARCHIVE, TORCH_PICKLE, PICKLE, DOCUMENT, ZIP -> ARCHIVE;
        };
    }

    private static FileKind ofStart(byte... start) {
        if (startsWith(start, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
            return NPY;
        }
        return startsWith(start, 0x89, 'P', 'N', 'G') ? PNG : textual(start);
    }

    private static boolean startsWith(byte[] start, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= start.length || (start[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static FileKind safetensors(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Set<String> keys = file.metadata().keySet();
            if (keys.contains(FisherFile.PROVENANCE_KEY)) {
                return FISHER;
            }
            if (keys.contains(FisherSumsFile.KEY)) {
                return SUMS;
            }
            if (keys.contains(MaskFile.SHAPES_KEY)) {
                return MASK;
            }
            return keys.contains(DeltaFile.KEY) ? DELTA : WEIGHTS;
        } catch (SquisherException e) {
            return OTHER;
        }
    }

    private static FileKind onnx(Path path) {
        try {
            OnnxFile.read(path);
            return ONNX;
        } catch (SquisherException e) {
            return OTHER;
        }
    }

    private static FileKind textual(byte... start) {
        String text = new String(start, StandardCharsets.UTF_8).strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (text.startsWith("{\"task\":")) {
            return EMBEDDING;
        }
        if (text.matches("(?s)\\{\\s*\"" + PlanJson.KEY + "\".*")) {
            return PLAN;
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return text.contains("\"weight_map\"") ? INDEX : JSON;
        }
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return HTML;
        }
        if (lower.startsWith("<") && lower.contains("<svg")) {
            return SVG;
        }
        if (text.startsWith("| setting | quantity |")) {
            return TABLES;
        }
        boolean printable = text.chars().allMatch(c -> c >= ' ' && c != 0xfffd || Character.isWhitespace(c));
        return printable ? TEXT : OTHER;
    }

    /** {@code a or b}. */
    static String list(Set<FileKind> kinds) {
        List<String> words = kinds.stream().map(FileKind::words).toList();
        return String.join(" or ", words);
    }
}
