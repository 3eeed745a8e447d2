package io.squisher.examples.reproduce.text.task;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of tasks, a folder each. */
public final class TaskFolder {
    /** Below so many there is nothing to merge and to rank. */
    private static final int FEWEST = 3;

    private TaskFolder() {}

    /**
     * The tasks of these names that are there, in this order.
     *
     * @param most of the lines of each file
     * @throws SquisherException if there are fewer than three, or one cannot be read
     */
    public static List<TextTask> read(Path folder, List<String> names, int most) {
        List<String> there = names(folder);
        List<TextTask> tasks = names.stream()
                .filter(there::contains)
                .map(name -> TextTask.read(folder.resolve(name), most))
                .toList();
        if (tasks.size() < FEWEST) {
            throw new SquisherException(
                    "'" + folder + "' has " + Counted.of(tasks.size(), "task") + " of " + names + ", and " + FEWEST
                            + " are needed; a task is a folder with train.tsv, validation.tsv and test.tsv, each line"
                            + " text<TAB>label");
        }
        return tasks;
    }

    /** The folders in it, sorted. */
    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }
}
