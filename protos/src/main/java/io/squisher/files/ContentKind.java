package io.squisher.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What a file holds of all that Squisher reads somewhere, by its content, whatever it is called: the format that opens it, and the
 * words for whoever expected another one. What nobody reads is {@link ForeignContent}.
 */
public enum ContentKind {
    SAFETENSORS("a safetensors file", "safetensors file", "Fisher file", "mask file", "delta file"),
    SAFETENSORS_INDEX("the index of a model in several safetensors files", "safetensors index"),
    TORCH_INDEX("the index of a model in several PyTorch files", "index of PyTorch files"),
    ONNX("an ONNX model", "ONNX model"),
    HDF5("an HDF5 file", "HDF5 file", "Keras model"),
    KERAS_ARCHIVE("a Keras model", "Keras model", "HDF5 file"),
    NUMPY_ARCHIVE("an archive of NumPy (.npz)", "npz file"),
    TORCH_ARCHIVE("a PyTorch file", "PyTorch file"),
    TORCH_PICKLE("a PyTorch file", "PyTorch file"),
    PICKLE("a pickle of Python", "PyTorch file"),
    MSGPACK("a MessagePack file, as Flax writes", "Flax checkpoint"),
    TENSORFLOW_INDEX("the index of a TensorFlow checkpoint", "TensorFlow checkpoint", "TensorFlow checkpoint index"),
    DOCUMENT("a document of Excel or Word"),
    ZIP("a zip archive", "zip archive", "PyTorch file", "Keras model", "npz file");

    /** So much of the start is looked at; names in archives and the first shard of an index stand within it. */
    private static final int START = 4096;

    private static final byte[] HDF5_SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    /** The last eight bytes of an index of TensorFlow. */
    private static final long TABLE_MAGIC = 0xdb4775248b80fb57L;

    private static final int ZIP_HEADER = 30;

    /** IR versions are small numbers, and exporters write the version first. */
    private static final int MOST_IR_VERSION = 63;

    /** Producer, its version, domain, model version, documentation, graph, operator sets. */
    private static final Set<Integer> ONNX_TAGS = Set.of(0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42);

    private final String words;
    private final Set<String> formats;

    ContentKind(String words, String... formats) {
        this.words = words;
        this.formats = Set.of(formats);
    }

    /** The kind with an article, for messages. */
    public String words() {
        return words;
    }

    /** Whether a file of this kind may be of {@code format}, as formats are called in messages. */
    boolean mayBe(String format) {
        return formats.contains(format);
    }

    /** What the file at {@code path} holds; empty for a folder, for what cannot be read, and for all else. */
    public static Optional<ContentKind> of(Path path) {
        byte[] start = FileStart.of(path, START);
        if (start.length < 4) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(0) == 0x04034b50) {
            return Optional.of(ofArchive(bytes));
        }
        if (start.length >= HDF5_SIGNATURE.length
                && bytes.slice(0, HDF5_SIGNATURE.length).equals(ByteBuffer.wrap(HDF5_SIGNATURE))) {
            return Optional.of(HDF5);
        }
        if (isSafetensors(path, bytes)) {
            return Optional.of(SAFETENSORS);
        }
        if (start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5) {
            // torch.save begins with a number of ten bytes.
            return Optional.of(start[2] == (byte) 0x8a && start[3] == 10 ? TORCH_PICKLE : PICKLE);
        }
        if (isTable(path)) {
            return Optional.of(TENSORFLOW_INDEX);
        }
        if (isMap(start)) {
            return Optional.of(MSGPACK);
        }
        return isOnnx(start) ? Optional.of(ONNX) : ofIndex(start);
    }

    /** By the name of the first member, which each of these programs writes in an order of its own. */
    private static ContentKind ofArchive(ByteBuffer start) {
        int length = start.limit() < ZIP_HEADER ? 0 : start.getShort(26) & 0xffff;
        if (length == 0 || start.limit() < ZIP_HEADER + length) {
            return ZIP;
        }
        String name = new String(start.array(), ZIP_HEADER, length, StandardCharsets.UTF_8);
        if (name.endsWith(".npy")) {
            return NUMPY_ARCHIVE;
        }
        if (name.equals("metadata.json") || name.equals("config.json") || name.equals("model.weights.h5")) {
            return KERAS_ARCHIVE;
        }
        if (name.endsWith("/data.pkl") || name.endsWith("/version") || name.contains("/data/")) {
            return TORCH_ARCHIVE;
        }
        return name.equals("[Content_Types].xml") || name.startsWith("_rels/") ? DOCUMENT : ZIP;
    }

    private static boolean isSafetensors(Path path, ByteBuffer start) {
        if (start.limit() <= Long.BYTES || start.get(Long.BYTES) != '{') {
            return false;
        }
        long header = start.getLong(0);
        return header > 0 && header <= path.toFile().length() - Long.BYTES;
    }

    private static boolean isTable(Path path) {
        byte[] end = FileStart.endOf(path, Long.BYTES);
        return end.length == Long.BYTES
                && ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getLong() == TABLE_MAGIC;
    }

    /** A map of MessagePack that is not empty, whose first key is a text of such characters as names have. */
    private static boolean isMap(byte... start) {
        int first = start[0] & 0xff;
        int at = first >= 0x81 && first <= 0x8f ? 1 : first == 0xde ? 3 : first == 0xdf ? 5 : 0;
        if (at == 0 || at + 1 >= start.length) {
            return false;
        }
        int key = start[at] & 0xff;
        int length = key >= 0xa1 && key <= 0xbf ? key & 0x1f : key == 0xd9 ? start[at + 1] & 0xff : 0;
        int from = key == 0xd9 ? at + 2 : at + 1;
        return length > 0
                && from + length < start.length
                && new String(start, from, length, StandardCharsets.ISO_8859_1).matches("[\\w ./:-]+");
    }

    /** The IR version, field 1, and behind it the tag of another field of a model. */
    private static boolean isOnnx(byte... start) {
        boolean version = start[0] == 0x08 && start[1] > 0 && start[1] <= MOST_IR_VERSION;
        return version && ONNX_TAGS.contains((int) start[2]);
    }

    private static Optional<ContentKind> ofIndex(byte... start) {
        String text = new String(start, StandardCharsets.UTF_8);
        if (!text.stripLeading().startsWith("{") || !text.contains("\"weight_map\"")) {
            return Optional.empty();
        }
        return text.contains(".safetensors\"")
                ? Optional.of(SAFETENSORS_INDEX)
                : text.contains(".bin\"") ? Optional.of(TORCH_INDEX) : Optional.empty();
    }
}
