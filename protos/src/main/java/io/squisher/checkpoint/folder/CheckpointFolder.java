package io.squisher.checkpoint.folder;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of pairs of a checkpoint and its accumulators: their files are complete on disk before any of them has its name, which
 * no other pair ever had. The state file names the pairs; one that is whole and not named is taken in when the folder is opened.
 */
public final class CheckpointFolder {
    private static final Pattern NAME = Pattern.compile("ckpt-(\\d+)(?:-\\d+)?");

    private final Path folder;
    private final PairLayout layout;
    private final StateFile state;
    /** Names in the state file that another tool wrote; they stay in it. */
    private final List<String> foreign = new ArrayList<>();

    private volatile List<SavedCheckpoint> pairs;

    /** Reads the state of {@code folder} and removes what a killed run left behind. */
    public CheckpointFolder(Path folder, PairLayout layout) {
        this.folder = folder;
        this.layout = layout;
        this.state = new StateFile(folder);
        List<SavedCheckpoint> found = new ArrayList<>();
        for (String name : state.read()) {
            Matcher parts = NAME.matcher(name);
            if (parts.matches()) {
                Path prefix = folder.resolve(name);
                found.add(new SavedCheckpoint(prefix, Long.parseLong(parts.group(1)), layout.metric(prefix)));
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
        for (Path index : list(name -> name.startsWith("ckpt-") && name.endsWith(layout.last()))) {
            String file = index.getFileName().toString();
            String name = file.substring(0, file.length() - layout.last().length());
            Path prefix = folder.resolve(name);
            Matcher parts = NAME.matcher(name);
            boolean isNamed = named.stream().anyMatch(pair -> pair.prefix().equals(prefix));
            if (parts.matches() && !isNamed) {
                SavedCheckpoint pair =
                        new SavedCheckpoint(prefix, Long.parseLong(parts.group(1)), layout.metric(prefix));
                if (isWhole(pair)) {
                    unnamed.add(pair);
                }
            }
        }
        Comparator<SavedCheckpoint> oldestFirst =
                Comparator.comparing(this::written).thenComparing(SavedCheckpoint::step);
        unnamed.sort(oldestFirst);
        List<SavedCheckpoint> all = new ArrayList<>(named);
        int older = 0;
        for (SavedCheckpoint pair : unnamed) {
            boolean isOlder = !named.isEmpty() && oldestFirst.compare(pair, named.get(named.size() - 1)) < 0;
            all.add(isOlder ? older++ : all.size(), pair);
        }
        return List.copyOf(all);
    }

    private FileTime written(SavedCheckpoint pair) {
        try {
            return Files.getLastModifiedTime(lastOf(pair.prefix()));
        } catch (IOException e) {
            // A named pair whose files are gone is older than all that are there.
            return FileTime.fromMillis(0);
        }
    }

    /** The file whose presence makes a checkpoint of the others. */
    private Path lastOf(Path prefix) {
        return prefix.resolveSibling(prefix.getFileName() + layout.last());
    }

    private boolean isWhole(SavedCheckpoint pair) {
        try {
            layout.verify(pair.prefix());
            return true;
        } catch (SquisherException e) {
            return false;
        }
    }

    /** The pairs, oldest first. */
    public List<SavedCheckpoint> pairs() {
        return pairs;
    }

    /** A prefix that no pair has or had left files under. */
    public Path newPrefix(long step) {
        Path prefix = folder.resolve("ckpt-" + step);
        for (int i = 2; !filesOf(prefix).isEmpty(); i++) {
            prefix = folder.resolve("ckpt-" + step + "-" + i);
        }
        return prefix;
    }

    /**
     * Makes a pair exist whose files are complete. They get their names in their order, and then the state file that names the
     * pair takes its place.
     *
     * @param files the one last without which the others are no checkpoint to anybody
     * @return the pairs that are not to be kept, which no longer count
     */
    public List<SavedCheckpoint> add(SavedCheckpoint pair, List<AtomicFile> files, Retention retention) {
        List<SavedCheckpoint> all = new ArrayList<>(pairs);
        all.add(pair);
        List<SavedCheckpoint> kept = new ArrayList<>(all);
        kept.retainAll(retention.kept(all));
        try (AtomicFile prepared = state.prepare(names(kept))) {
            List<AtomicFile> inOrder = new ArrayList<>(files);
            inOrder.add(prepared);
            AtomicFile.commit(inOrder);
        }
        pairs = List.copyOf(kept);
        all.removeAll(kept);
        return all;
    }

    /** Removes the files of pairs that do not count; as large as they are, that takes a while. */
    public void remove(List<SavedCheckpoint> gone) {
        gone.forEach(pair -> discard(pair.prefix()));
    }

    private List<String> names(List<SavedCheckpoint> checkpoints) {
        return Stream.concat(foreign.stream(), checkpoints.stream().map(SavedCheckpoint::name))
                .toList();
    }

    /** Removes what there is under a prefix. */
    public void discard(Path prefix) {
        filesOf(prefix).forEach(CheckpointFolder::delete);
    }

    /** The files under a prefix, the last one first: without it the others are no checkpoint to anybody. */
    private List<Path> filesOf(Path prefix) {
        String start = prefix.getFileName().toString();
        List<Path> files = list(name -> name.startsWith(start + ".") && layout.isPart(name.substring(start.length())));
        Path last = lastOf(prefix);
        if (files.remove(last)) {
            files.add(0, last);
        }
        return files;
    }

    /** Removes files that were being written when a run ended, and pairs without their last file that no state names. */
    private void removeLeftovers() {
        list(name -> name.startsWith(".ckpt-") && name.endsWith(".tmp")).forEach(CheckpointFolder::delete);
        list(name -> name.startsWith(".checkpoint.") && name.endsWith(".tmp")).forEach(CheckpointFolder::delete);
        for (Path file : list(name -> name.startsWith("ckpt-"))) {
            String name = file.getFileName().toString();
            String stem = name.substring(0, name.indexOf('.', 0) < 0 ? name.length() : name.indexOf('.'));
            boolean named = pairs.stream().anyMatch(pair -> pair.name().equals(stem));
            if (NAME.matcher(stem).matches() && !named && !Files.exists(lastOf(folder.resolve(stem)))) {
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
