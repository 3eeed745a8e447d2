package io.squisher.examples.report;

import io.squisher.apps.cli.output.TextTable;
import java.util.ArrayList;
import java.util.List;

/** A table to print or to put into a page. */
public final class Table {
    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    public List<String> headings() {
        return headings;
    }

    public List<List<String>> rows() {
        return rows;
    }

    /** The table as lines of text in columns. */
    public List<String> lines() {
        TextTable text = new TextTable(headings.toArray(String[]::new));
        rows.forEach(row -> text.row(row.toArray(String[]::new)));
        return text.lines();
    }
}
