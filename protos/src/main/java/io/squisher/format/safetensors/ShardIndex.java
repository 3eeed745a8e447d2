package io.squisher.format.safetensors;

import io.squisher.files.FileName;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Hugging Face's index of a model in several files: a JSON object with a {@code weight_map} from tensor to file. */
public final class ShardIndex {
    private static final long MOST_BYTES = 100_000_000;

    private final Path path;
    private final String format;
    private final Map<String, String> files;

    private ShardIndex(Path path, String format, Map<String, String> files) {
        this.path = path;
        this.format = format;
        this.files = Collections.unmodifiableMap(files);
    }

    /** The part of the index that matters. */
    private record Content(Map<String, Object> metadata, LinkedHashMap<String, String> weight_map) {}

    /**
     * Reads an index.
     *
     * @param format what it is, for messages
     * @throws FormatException if it is missing or none
     */
    public static ShardIndex read(Path path, String format) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw FormatException.notA(path, format, "it has more than " + MOST_BYTES + " bytes");
            }
            Content content =
                    new Gson().fromJson(new String(Files.readAllBytes(path), StandardCharsets.UTF_8), Content.class);
            if (content == null || content.weight_map == null || content.weight_map.containsValue(null)) {
                throw FormatException.bad(path, format, "it has no weight_map from tensors to files");
            }
            return new ShardIndex(path, format, content.weight_map);
        } catch (JsonParseException e) {
            throw FormatException.notText(path, format, "it is no JSON object with a weight_map");
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /** The file's name of each tensor, in the index's order. */
    public Map<String, String> files() {
        return files;
    }

    /**
     * Where a shard is: beside its index and nowhere else.
     *
     * @throws FormatException if its name leads elsewhere
     */
    public Path shard(String file) {
        if (FileName.isPlain(file)) {
            return path.toAbsolutePath().resolveSibling(file);
        }
        throw FormatException.bad(path, format, "the file '" + file + "' is not beside the index");
    }

    /** The error for a tensor that is not where the index says. */
    public FormatException missing(String tensor) {
        return FormatException.bad(path, format, "the tensor '" + tensor + "' is not in '" + files.get(tensor) + "'");
    }
}
