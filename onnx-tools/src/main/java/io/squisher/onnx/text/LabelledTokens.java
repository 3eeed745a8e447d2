package io.squisher.onnx.text;

import java.util.ArrayList;
import java.util.List;

/** The tokens of all lines of some files, with their labels as words. */
final class LabelledTokens {
    private final List<Tokens> texts = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();

    void add(String file, List<TextLine> read, List<Tokens> tokens) {
        for (int i = 0; i < read.size(); i++) {
            texts.add(tokens.get(i));
            // Of one label there are many copies otherwise.
            labels.add(read.get(i).label().intern());
            files.add(file);
            lines.add(read.get(i).number());
        }
    }

    int count() {
        return texts.size();
    }

    List<Tokens> texts() {
        return texts;
    }

    List<String> labels() {
        return labels;
    }

    String file(int text) {
        return files.get(text);
    }

    long line(int text) {
        return lines.get(text);
    }

    /** Where a label stands, for messages. */
    String where(int text) {
        return "line " + line(text) + " of '" + file(text) + "'";
    }

    int[] counts() {
        return texts.stream().mapToInt(Tokens::count).toArray();
    }
}
