package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.fisher.FisherFile;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.weights.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of pairs: data, accumulators and index, complete on disk before any of them has its name, which no other pair ever
 * had. The state file names the pairs; one that is whole and not named is taken in when the folder is opened.
 */
final class CheckpointFolder {
    /** Entry of the accumulators' metadata that holds the loop's metric. */
    static final String METRIC_KEY = "squisher.metric";

    private static final String INDEX = ".index";
    private static final Pattern NAME = Pattern.compile("ckpt-(\\d+)(?:-\\d+)?");

    private final Path folder;
    private final StateFile state;
    /** Names in the state file that another tool wrote; they stay in it. */
    private final List<String> foreign = new ArrayList<>();

    private volatile List<SavedCheckpoint> pairs;

    /** Reads the state of {@code folder} and removes what a killed run left behind. */
    CheckpointFolder(Path folder) {
        this.folder = folder;
        this.state = new StateFile(folder);
        List<SavedCheckpoint> found = new ArrayList<>();
        for (String name : state.read()) {
            Matcher parts = NAME.matcher(name);
            if (parts.matches()) {
                Path prefix = folder.resolve(name);
                found.add(new SavedCheckpoint(prefix, Long.parseLong(parts.group(1)), metric(prefix)));
            } else {
                foreign.add(name);
            }
        }
        pairs = withUnnamed(found);
        if (pairs.size() > found.size()) {
            state.write(names(pairs));
        }
        removeLeftovers();
    }

    /**
     * The named pairs, and those that are whole and not named: a run ended before it had named its newest, or before it had
     * removed one that was not to be kept; or the state file is lost. The newest is the last that was written.
     */
    private List<SavedCheckpoint> withUnnamed(List<SavedCheckpoint> named) {
        List<SavedCheckpoint> unnamed = new ArrayList<>();
        for (Path index : list(name -> name.startsWith("ckpt-") && name.endsWith(INDEX))) {
            String file = index.getFileName().toString();
            String name = file.substring(0, file.length() - INDEX.length());
            Path prefix = folder.resolve(name);
            Matcher parts = NAME.matcher(name);
            boolean isNamed = named.stream().anyMatch(pair -> pair.prefix().equals(prefix));
            if (parts.matches() && !isNamed && Files.exists(Squisher.fileFor(prefix))) {
                SavedCheckpoint pair = new SavedCheckpoint(prefix, Long.parseLong(parts.group(1)), metric(prefix));
                if (isWhole(pair)) {
                    unnamed.add(pair);
                }
            }
        }
        Comparator<SavedCheckpoint> oldestFirst =
                Comparator.comparing(CheckpointFolder::written).thenComparing(SavedCheckpoint::step);
        unnamed.sort(oldestFirst);
        List<SavedCheckpoint> all = new ArrayList<>(named);
        int older = 0;
        for (SavedCheckpoint pair : unnamed) {
            boolean isOlder = !named.isEmpty() && oldestFirst.compare(pair, named.get(named.size() - 1)) < 0;
            all.add(isOlder ? older++ : all.size(), pair);
        }
        return List.copyOf(all);
    }

    private static FileTime written(SavedCheckpoint pair) {
        try {
            return Files.getLastModifiedTime(BundleFile.indexOf(pair.prefix()));
        } catch (IOException e) {
            // A named pair whose files are gone is older than all that are there.
            return FileTime.fromMillis(0);
        }
    }

    private static boolean isWhole(SavedCheckpoint pair) {
        try {
            verify(pair);
            return true;
        } catch (SquisherException e) {
            return false;
        }
    }

    /** The pairs, oldest first. */
    List<SavedCheckpoint> pairs() {
        return pairs;
    }

    /** A prefix that no pair has or had left files under. */
    Path newPrefix(long step) {
        Path prefix = folder.resolve("ckpt-" + step);
        for (int i = 2; !filesOf(prefix).isEmpty(); i++) {
            prefix = folder.resolve("ckpt-" + step + "-" + i);
        }
        return prefix;
    }

    /**
     * Makes a pair exist whose files are complete.
     *
     * @return the pairs that are not to be kept, which no longer count
     */
    List<SavedCheckpoint> add(SavedCheckpoint pair, PreparedPair files, Retention retention) {
        List<SavedCheckpoint> all = new ArrayList<>(pairs);
        all.add(pair);
        List<SavedCheckpoint> kept = new ArrayList<>(all);
        kept.retainAll(retention.kept(all));
        try (AtomicFile prepared = state.prepare(names(kept))) {
            files.commitNew(prepared);
        }
        pairs = List.copyOf(kept);
        all.removeAll(kept);
        return all;
    }

    /** Removes the files of pairs that do not count; as large as they are, that takes a while. */
    void remove(List<SavedCheckpoint> gone) {
        gone.forEach(pair -> discard(pair.prefix()));
    }

    private List<String> names(List<SavedCheckpoint> checkpoints) {
        return Stream.concat(foreign.stream(), checkpoints.stream().map(SavedCheckpoint::name))
                .toList();
    }

    /** Removes what there is under a prefix. */
    void discard(Path prefix) {
        filesOf(prefix).forEach(CheckpointFolder::delete);
    }

    /**
     * Whether a pair is whole: every checksum right, and the accumulators' hash that of the checkpoint's weights.
     *
     * @throws SquisherException saying what is wrong
     */
    static void verify(SavedCheckpoint pair) {
        Path file = Squisher.fileFor(pair.prefix());
        try (BundleFile checkpoint = BundleFile.open(pair.prefix());
                FisherFile accumulators = FisherFile.open(file)) {
            checkpoint.verify();
            String hash = ContentHash.of(accumulators.diagonal().names(), checkpoint::tensor);
            if (!hash.equals(accumulators.diagonal().provenance().getWeightsHash())) {
                throw new SquisherException(
                        "'" + file + "' does not belong to '" + pair.prefix() + "': the hash of the weights differs");
            }
        }
    }

    private static OptionalDouble metric(Path prefix) {
        try (FisherFile file = FisherFile.open(Squisher.fileFor(prefix))) {
            String metric = file.metadata().get(METRIC_KEY);
            return metric == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(metric));
        } catch (FormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** The files under a prefix, the index first: without it the others are no checkpoint to anybody. */
    private List<Path> filesOf(Path prefix) {
        Path index = BundleFile.indexOf(prefix);
        String data = prefix.getFileName() + ".data-";
        List<Path> files = list(name -> name.startsWith(data));
        Stream.of(Squisher.fileFor(prefix), index).filter(Files::exists).forEach(file -> files.add(0, file));
        return files;
    }

    /** Removes files that were being written when a run ended, and pairs without an index that no state names. */
    private void removeLeftovers() {
        list(name -> name.startsWith(".ckpt-") && name.endsWith(".tmp")).forEach(CheckpointFolder::delete);
        list(name -> name.startsWith(".checkpoint.") && name.endsWith(".tmp")).forEach(CheckpointFolder::delete);
        for (Path file : list(name -> name.startsWith("ckpt-"))) {
            String name = file.getFileName().toString();
            String stem = name.substring(0, name.indexOf('.', 0) < 0 ? name.length() : name.indexOf('.'));
            boolean named = pairs.stream().anyMatch(pair -> pair.name().equals(stem));
            if (NAME.matcher(stem).matches() && !named && !Files.exists(BundleFile.indexOf(folder.resolve(stem)))) {
                delete(file);
            }
        }
    }

    private List<Path> list(java.util.function.Predicate<String> names) {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(
                    files.filter(file -> names.test(file.getFileName().toString()))
                            .toList());
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
