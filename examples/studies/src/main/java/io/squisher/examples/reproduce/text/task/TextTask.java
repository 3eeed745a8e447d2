package io.squisher.examples.reproduce.text.task;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A text-classification task: a folder with {@code train.tsv}, {@code validation.tsv} and {@code test.tsv}, each line
 * {@code text<TAB>label}, in UTF-8 and without a header.
 *
 * @param name of the folder
 * @param classes the labels of the training part, in the order of their characters; texts of other labels are left out
 */
public record TextTask(
        String name,
        List<String> classes,
        List<LabelledText> training,
        List<LabelledText> validation,
        List<LabelledText> test) {
    private static final String FORMAT = "table of texts";

    private record Line(String text, String label) {}

    /**
     * Reads a task.
     *
     * @param most of the lines of each file, the first ones
     * @throws SquisherException if a file is missing, empty, or no such table
     */
    public static TextTask read(Path folder, int most) {
        List<Line> training = lines(folder.resolve("train.tsv"), most);
        List<String> classes =
                List.copyOf(new TreeSet<>(training.stream().map(Line::label).toList()));
        return new TextTask(
                folder.getFileName().toString(),
                classes,
                known(training, classes),
                known(lines(folder.resolve("validation.tsv"), most), classes),
                known(lines(folder.resolve("test.tsv"), most), classes));
    }

    private static List<LabelledText> known(List<Line> lines, List<String> classes) {
        return lines.stream()
                .filter(line -> classes.contains(line.label()))
                .map(line -> new LabelledText(line.text(), classes.indexOf(line.label())))
                .toList();
    }

    private static List<Line> lines(Path file, int most) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null && lines.size() < most; line = reader.readLine()) {
                number++;
                String[] fields = line.split("\t", -1);
                if (fields.length != 2 || fields[0].isBlank() || fields[1].isBlank()) {
                    throw FormatException.notText(file, FORMAT, "line " + number + " is not text<TAB>label");
                }
                lines.add(new Line(fields[0], fields[1]));
            }
        } catch (MalformedInputException e) {
            throw FormatException.notText(file, FORMAT, "it is not UTF-8, at line " + (number + 1) + " or later");
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
        if (lines.isEmpty()) {
            throw FormatException.notText(file, FORMAT, "it has no lines");
        }
        return lines;
    }
}
