package io.squisher.checkpoint.folder;

import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code checkpoint} of a folder, by which TensorFlow's tools find the newest checkpoint: a {@code CheckpointState}
 * in protobuf's text form, with names relative to the folder.
 */
public final class StateFile {
    private static final String NAME = "checkpoint";
    private static final Pattern PATH =
            Pattern.compile("^\\s*all_model_checkpoint_paths:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*$");

    private final Path file;

    /** The state file of a folder, which need not exist. */
    public StateFile(Path folder) {
        this.file = folder.resolve(NAME);
    }

    /** The names of the checkpoints, oldest first; none where there is no state file. */
    public List<String> read() {
        List<String> names = new ArrayList<>();
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    Matcher path = PATH.matcher(line);
                    if (path.matches()) {
                        names.add(path.group(1));
                    }
                }
            } catch (IOException e) {
                throw FormatException.unreadable(file, e);
            }
        }
        return names;
    }

    /** Replaces the file; from then on {@code names}, oldest first, are the folder's checkpoints. */
    public void write(List<String> names) {
        try (AtomicFile prepared = prepare(names)) {
            prepared.commit();
        }
    }

    /** Writes the file under a temporary name; who commits it puts it in its place. */
    AtomicFile prepare(List<String> names) {
        StringBuilder text = new StringBuilder();
        text.append("model_checkpoint_path: \"")
                .append(names.get(names.size() - 1))
                .append("\"\n");
        for (String name : names) {
            text.append("all_model_checkpoint_paths: \"").append(name).append("\"\n");
        }
        AtomicFile prepared = AtomicFile.create(file);
        try {
            prepared.append(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            return prepared;
        } catch (RuntimeException e) {
            prepared.close();
            throw e;
        }
    }
}
