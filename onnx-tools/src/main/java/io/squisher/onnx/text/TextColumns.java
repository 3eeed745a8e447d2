package io.squisher.onnx.text;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the columns of a table are: one or two have texts, and one the labels, if there are any.
 *
 * @param roles by column
 */
public record TextColumns(List<Role> roles) {
    /** What a column is. */
    public enum Role {
        TEXT,
        LABEL,
        OTHER
    }

    private static final Set<String> LABEL_NAMES =
            Set.of("label", "labels", "gold_label", "class", "category", "intent", "target");
    private static final Set<String> TEXT_NAMES = Set.of(
            "text",
            "text1",
            "text2",
            "sentence",
            "sentence1",
            "sentence2",
            "question",
            "question1",
            "question2",
            "query",
            "premise",
            "hypothesis",
            "utterance",
            "review",
            "content",
            "title");
    private static final int MOST_TEXTS = 2;

    /**
     * @throws SquisherException unless there are one or two texts, and at most one label
     */
    public TextColumns {
        roles = List.copyOf(roles);
        long labels = roles.stream().filter(Role.LABEL::equals).count();
        long texts = roles.stream().filter(Role.TEXT::equals).count();
        if (labels > 1 || texts < 1 || texts > MOST_TEXTS) {
            throw new SquisherException("a table has one column of labels, or none, and one or two of texts, not "
                    + labels + " and " + texts);
        }
    }

    /**
     * Columns in words: {@code text}, {@code label} or {@code -}, separated by commas.
     *
     * @throws SquisherException if a word is another, there are not one or two texts, or several labels
     */
    public static TextColumns parse(String words) {
        List<Role> roles = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            roles.add(
                    switch (word.strip()) {
                        case "text" -> Role.TEXT;
                        case "label" -> Role.LABEL;
                        case "-" -> Role.OTHER;
                        default ->
                            throw new SquisherException(
                                    "takes the words text, label and - between commas, not '" + word + "'");
                    });
        }
        return new TextColumns(roles);
    }

    /** Whether the first line of a file names columns: one of its fields is a usual name of labels. */
    static boolean isHeader(String[] fields, String labels) {
        return Arrays.stream(fields).anyMatch(field -> isLabel(field, labels));
    }

    private static boolean isLabel(String field, String labels) {
        return field.equals(labels) || LABEL_NAMES.contains(field.strip().toLowerCase(Locale.ROOT));
    }

    /** The columns that a header names; of two columns, the one beside the labels is the text whatever its name. */
    static TextColumns ofHeader(Path file, String[] fields, String labels) {
        int label = labelColumn(fields, labels);
        List<Role> roles = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            boolean text =
                    fields.length == 2 || TEXT_NAMES.contains(fields[i].strip().toLowerCase(Locale.ROOT));
            roles.add(i == label ? Role.LABEL : text ? Role.TEXT : Role.OTHER);
        }
        long texts = roles.stream().filter(Role.TEXT::equals).count();
        if (texts < 1 || texts > MOST_TEXTS) {
            throw new SquisherException("which of the columns " + Arrays.toString(fields) + " of '" + file
                    + "' is the text does not show; --columns says it, such as --columns -,text,label");
        }
        return new TextColumns(roles);
    }

    private static int labelColumn(String[] fields, String labels) {
        Optional<String> exact = Arrays.stream(fields).filter(labels::equals).findFirst();
        for (int i = 0; i < fields.length; i++) {
            if (exact.isPresent() ? fields[i].equals(labels) : isLabel(fields[i], labels)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no header");
    }

    /** The columns of a file without a header: text and label, or two texts and a label. */
    static TextColumns ofCount(Path file, int count) {
        if (count == 2) {
            return new TextColumns(List.of(Role.TEXT, Role.LABEL));
        }
        if (count == 3) {
            return new TextColumns(List.of(Role.TEXT, Role.TEXT, Role.LABEL));
        }
        throw FormatException.notText(
                file,
                TextFile.FORMAT,
                "line 1 has " + Counted.of(count, "column") + ", and names none 'label'; a line is text<TAB>label, and"
                        + " --columns says what other columns are, such as --columns label,-,text");
    }

    /** Whether there are labels. */
    boolean areLabelled() {
        return roles.contains(Role.LABEL);
    }

    /** The number of columns. */
    int count() {
        return roles.size();
    }

    /** A line's fields as text and label. */
    TextLine line(long number, String[] fields) {
        List<String> texts = new ArrayList<>();
        String label = "";
        for (int i = 0; i < fields.length; i++) {
            if (roles.get(i) == Role.TEXT) {
                texts.add(fields[i]);
            } else if (roles.get(i) == Role.LABEL) {
                label = fields[i].strip();
            }
        }
        return new TextLine(
                number, texts.get(0), texts.size() > 1 ? Optional.of(texts.get(1)) : Optional.empty(), label);
    }
}
