package io.squisher.onnx.text;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A table of texts: UTF-8, a line for each example, columns separated by tabs. Nothing is quoted, and empty lines are passed over.
 * A first line with a column called {@code label} or the like names the columns.
 */
final class TextFile {
    static final String FORMAT = "table of texts";
    private static final int LONGEST_LINE = 1 << 20;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path path;
    private final Optional<TextColumns> given;
    private final String labels;

    /**
     * @param given what the columns are, if that was said
     * @param labels what a header may call the labels beside the usual names
     */
    TextFile(Path path, Optional<TextColumns> given, String labels) {
        this.path = path;
        this.given = given;
        this.labels = labels;
    }

    /**
     * Reads the lines in order.
     *
     * @param taker says whether it takes more
     * @throws SquisherException if it is no such table, or has no lines
     */
    void read(Predicate<TextLine> taker) {
        long number = 0;
        boolean taken = false;
        try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            TextColumns columns = null;
            for (String line = next(reader, number); line != null; line = next(reader, number)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String[] fields = line.split("\t", -1);
                if (columns == null) {
                    boolean header =
                            given.map(TextColumns::areLabelled).orElse(true) && TextColumns.isHeader(fields, labels);
                    columns = columns(fields, header);
                    if (header) {
                        continue;
                    }
                }
                requireFields(columns, fields, number);
                taken = true;
                if (!taker.test(columns.line(number, fields))) {
                    return;
                }
            }
        } catch (MalformedInputException e) {
            throw FormatException.notText(path, FORMAT, "it is not UTF-8, at line " + (number + 1) + " or later");
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
        if (!taken) {
            throw FormatException.bad(path, FORMAT, "it has no lines");
        }
    }

    private TextColumns columns(String[] fields, boolean header) {
        if (given.isPresent()) {
            return given.get();
        }
        return header ? TextColumns.ofHeader(path, fields, labels) : TextColumns.ofCount(path, fields.length);
    }

    private void requireFields(TextColumns columns, String[] fields, long number) {
        if (fields.length != columns.count()) {
            throw new SquisherException(
                    "line " + number + " of '" + path + "' has " + Counted.of(fields.length, "column") + ", not "
                            + columns.count() + "; columns are separated by tabs, and a text has none");
        }
        if (columns.areLabelled() && columns.line(number, fields).label().isEmpty()) {
            throw new SquisherException("line " + number + " of '" + path + "' has no label");
        }
    }

    /** As {@code readLine}, which would take a file without line ends for one line, whatever its size. */
    private String next(BufferedReader reader, long before) throws IOException {
        StringBuilder line = new StringBuilder();
        int read = reader.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            if (read == 0) {
                throw FormatException.notText(path, FORMAT, "it has bytes that no text has");
            }
            if (line.length() == LONGEST_LINE) {
                throw FormatException.notText(
                        path, FORMAT, "line " + (before + 1) + " has more than " + LONGEST_LINE + " characters");
            }
            line.append((char) read);
            read = reader.read();
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        if (before == 0 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
            line.deleteCharAt(0);
        }
        return line.toString();
    }
}
