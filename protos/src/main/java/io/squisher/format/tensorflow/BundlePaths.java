package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.format.tensorflow.bundle.BundleFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The index of the checkpoint that a path stands for: the prefix of its files, one of them, its folder, or that of a SavedModel. A
 * folder may have a state file that says which of its checkpoints is the latest; without it, it has to hold one alone.
 */
final class BundlePaths {
    private static final String INDEX = ".index";
    private static final String STATE = "checkpoint";
    private static final long LARGEST_STATE = 1 << 20;
    private static final int MOST_NAMED = 20;
    private static final Pattern LATEST =
            Pattern.compile("^\\s*model_checkpoint_path:\\s*\"(?:[^\"]*[/\\\\])?([^\"/\\\\]+)\"", Pattern.MULTILINE);

    /** A shard, or TensorFlow 1's graph beside them. */
    private static final Pattern OTHER_FILE = Pattern.compile("(.+)\\.(meta|data-\\d{5}-of-\\d{5})");

    private BundlePaths() {}

    /** Whether a path stands for a checkpoint, or for several in a folder. */
    static boolean recognises(Path path) {
        return Files.isRegularFile(indexOf(path))
                || Files.isDirectory(path) && !inFolder(path).isEmpty();
    }

    /** Whether a path is a file of a checkpoint beside its index. */
    static boolean isOtherFile(Path path) {
        return other(path).filter(Files::isRegularFile).isPresent();
    }

    /**
     * The index file; it need not exist.
     *
     * @throws SquisherException if a folder holds several checkpoints and does not say which is the latest
     */
    static Path index(Path path) {
        Path index = indexOf(path);
        List<Path> all = Files.isDirectory(path) && !Files.isRegularFile(index) ? inFolder(path) : List.of();
        if (all.isEmpty()) {
            return index;
        }
        Optional<Path> named = latest(path);
        if (named.isEmpty() && all.size() == 1) {
            return all.get(0);
        }
        String why = named.isPresent()
                ? "its state file calls '" + named.get().getFileName() + "' the latest, which is not there"
                : "it holds " + all.size() + " checkpoints and no state file that says which is the latest";
        String prefixes =
                all.stream().limit(MOST_NAMED).map(BundlePaths::prefix).collect(Collectors.joining(", "));
        throw new SquisherException("cannot read '" + path + "': " + why + "; give the checkpoint's prefix: " + prefixes
                + (all.size() > MOST_NAMED ? ", ..." : ""));
    }

    /** What a path that stands for no checkpoint lacks; empty if it has nothing of one. */
    static Optional<String> incomplete(Path path) {
        return other(path)
                .map(index -> "it is a part of a TensorFlow checkpoint, whose index '" + index.getFileName()
                        + "' is not beside it");
    }

    private static Path indexOf(Path path) {
        if (!Files.isDirectory(path)) {
            return other(path).filter(Files::isRegularFile).orElseGet(() -> BundleFile.indexOf(path));
        }
        Path savedModel = path.resolve("variables/variables" + INDEX);
        return Files.exists(savedModel) ? savedModel : latest(path).orElse(savedModel);
    }

    private static Optional<Path> other(Path path) {
        Matcher file = OTHER_FILE.matcher(String.valueOf(path.getFileName()));
        return file.matches() ? Optional.of(path.resolveSibling(file.group(1) + INDEX)) : Optional.empty();
    }

    private static String prefix(Path index) {
        String text = index.toString();
        return text.substring(0, text.length() - INDEX.length());
    }

    /** Indexes with a shard beside them, in the order of their names. */
    private static List<Path> inFolder(Path folder) {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException e) {
            // Whoever reads the folder says what is wrong with it.
            return List.of();
        }
        Set<String> stems = names.stream()
                .map(OTHER_FILE::matcher)
                .filter(file -> file.matches() && !file.group(2).equals("meta"))
                .map(file -> file.group(1))
                .collect(Collectors.toSet());
        return names.stream()
                .filter(name -> name.endsWith(INDEX))
                .filter(name -> stems.contains(name.substring(0, name.length() - INDEX.length())))
                .map(folder::resolve)
                .toList();
    }

    /** The checkpoint that TensorFlow's state file calls the latest; in this folder, wherever it was written. */
    private static Optional<Path> latest(Path folder) {
        Path state = folder.resolve(STATE);
        try {
            if (!Files.isRegularFile(state) || Files.size(state) > LARGEST_STATE) {
                return Optional.empty();
            }
            Matcher named = LATEST.matcher(new String(Files.readAllBytes(state), StandardCharsets.UTF_8));
            return named.find() ? Optional.of(folder.resolve(named.group(1) + INDEX)) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
