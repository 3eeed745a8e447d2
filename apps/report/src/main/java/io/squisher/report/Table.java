package io.squisher.report;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonNull;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table to sort and to filter; also a list of records in {@code results.json}.
 *
 * @param id its name there: lower-case words joined by underscores, unique in the report
 * @param caption what it holds
 * @param rows texts, numbers and {@code null} for what is not known, in the columns' order
 */
public record Table(String id, String caption, List<Column> columns, List<List<Object>> rows) implements Block {
    public Table {
        columns = List.copyOf(columns);
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(row.size() + " cells under " + columns.size() + " columns of " + id);
            }
        }
    }

    /** A table without rows, to be filled by {@link #row}. */
    public static Table of(String id, String caption, Column... columns) {
        return new Table(id, caption, List.of(columns), new ArrayList<>());
    }

    /** Adds a row. */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + columns.size() + " columns of " + id);
        }
        rows.add(new ArrayList<>(java.util.Arrays.asList(cells)));
        return this;
    }

    @Override
    public String kind() {
        return "table";
    }

    @Override
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("caption", caption);
        JsonArray headings = new JsonArray();
        for (Column column : columns) {
            JsonObject heading = new JsonObject();
            heading.addProperty("key", column.key());
            heading.addProperty("title", column.title());
            heading.addProperty("kind", column.kind().name().toLowerCase(Locale.ROOT));
            headings.add(heading);
        }
        json.add("columns", headings);
        JsonArray all = new JsonArray();
        for (List<Object> row : rows) {
            JsonArray cells = new JsonArray();
            row.forEach(cell -> cells.add(cell instanceof Double number ? PageJson.number(number) : value(cell)));
            all.add(cells);
        }
        json.add("rows", all);
        return json;
    }

    /** Its rows as records, numbers in full. */
    JsonArray records() {
        JsonArray all = new JsonArray();
        for (List<Object> row : rows) {
            JsonObject record = new JsonObject();
            for (int i = 0; i < columns.size(); i++) {
                record.add(columns.get(i).key(), value(row.get(i)));
            }
            all.add(record);
        }
        return all;
    }

    private static JsonElement value(Object cell) {
        if (cell == null || cell instanceof Double number && !Double.isFinite(number)) {
            return JsonNull.INSTANCE;
        }
        return cell instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive(cell.toString());
    }
}
