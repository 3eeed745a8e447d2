package io.squisher.format.hub;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of Hugging Face: one with a {@code config.json}.
 *
 * @param path of the folder
 */
public record HubFolder(Path path) {
    /** What a model is configured by. */
    public static final String CONFIGURATION = "config.json";

    /** Nobody's tokenizer has more, and files go through memory. */
    private static final long MOST_BYTES = 1L << 28;

    /** What loaders look for beside the weights, by the names that the libraries write. */
    private static final List<String> BESIDE = List.of(
            CONFIGURATION,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "chat_template.jinja",
            "preprocessor_config.json",
            "processor_config.json",
            "config_sentence_transformers.json",
            "sentence_bert_config.json",
            "modules.json");

    /** The folder that a model is, or that its file stands in, if it is such a folder. */
    public static Optional<HubFolder> of(Path model) {
        Path folder = Files.isDirectory(model) ? model : model.toAbsolutePath().getParent();
        return Optional.ofNullable(folder)
                .filter(path -> Files.isRegularFile(path.resolve(CONFIGURATION)))
                .map(HubFolder::new);
    }

    /** The files of configuration and tokenizer that are there, by name. */
    public Map<String, byte[]> beside() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : BESIDE) {
            file(name).ifPresent(content -> files.put(name, content));
        }
        return files;
    }

    /**
     * The bytes of a file.
     *
     * @throws FormatException if it is there and cannot be read, or is too large
     */
    Optional<byte[]> file(String name) {
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw FormatException.unsupported(
                        file, "part of a tokenizer", "it has more than " + MOST_BYTES + " bytes");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    /** The tokens of its tokenizer, if it has one. */
    public Optional<HubVocabulary> vocabulary() {
        return HubVocabulary.of(this);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
