package io.squisher.report;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonNull;
import io.squisher.internal.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** The pictures that any report may have, from numbers. */
public final class Figures {
    private Figures() {}

    /** What a picture is called: an identifier that is unique in the page, a title, and what it shows in words. */
    public record Caption(String id, String title, String alternative, String note) {
        public Caption(String id, String title, String alternative) {
            this(id, title, alternative, "");
        }
    }

    /**
     * A mean with its interval.
     *
     * @param low NaN where there is no interval
     * @param text as it is written beside the mark
     */
    public record Estimate(double mean, double low, double high, String text) {}

    /**
     * Numbers by name: a bar each; a mark for each series where there are several.
     *
     * @param share whether they are parts of 1
     * @param values by name, one for each of {@code series}
     */
    public static Figure bars(Caption caption, boolean share, List<String> series, Map<String, List<Double>> values) {
        JsonObject data = data(caption);
        data.addProperty("unit", share ? "share" : "number");
        data.add("series", PageJson.texts(series));
        JsonArray rows = new JsonArray();
        values.forEach((name, numbers) -> {
            JsonArray row = new JsonArray();
            row.add(name);
            numbers.forEach(number -> row.add(PageJson.number(number)));
            rows.add(row);
        });
        data.add("rows", rows);
        return figure("bars", caption, data);
    }

    /** A mean with its interval for each method. */
    public static Figure points(Caption caption, String unit, Map<String, Estimate> estimates) {
        return points(caption, unit, false, estimates);
    }

    /** Differences to a baseline, with the line where there is none. */
    public static Figure differences(Caption caption, String unit, Map<String, Estimate> estimates) {
        return points(caption, unit, true, estimates);
    }

    private static Figure points(Caption caption, String unit, boolean zero, Map<String, Estimate> estimates) {
        JsonObject data = data(caption);
        data.addProperty("unit", unit);
        data.addProperty("zero", zero);
        JsonArray rows = new JsonArray();
        estimates.forEach((name, estimate) -> {
            JsonObject row = new JsonObject();
            row.addProperty("name", name);
            row.add("mean", PageJson.number(estimate.mean()));
            row.add("low", PageJson.number(estimate.low()));
            row.add("high", PageJson.number(estimate.high()));
            row.addProperty("text", estimate.text());
            rows.add(row);
        });
        data.add("rows", rows);
        return figure("points", caption, data);
    }

    /**
     * A line for each method, with intervals.
     *
     * @param x what is to the right, with its unit
     * @param logarithmic whether that axis is
     * @param lines by method and place
     */
    public static Figure lines(
            Caption caption, String x, String unit, boolean logarithmic, Map<String, Map<Double, Estimate>> lines) {
        JsonObject data = data(caption);
        data.addProperty("x", x);
        data.addProperty("unit", unit);
        data.addProperty("log", logarithmic);
        JsonArray series = new JsonArray();
        lines.forEach((name, estimates) -> {
            JsonObject one = new JsonObject();
            one.addProperty("name", name);
            JsonArray points = new JsonArray();
            JsonArray texts = new JsonArray();
            estimates.forEach((place, estimate) -> {
                points.add(PageJson.numbers(place, estimate.mean(), estimate.low(), estimate.high()));
                texts.add(estimate.text());
            });
            one.add("points", points);
            one.add("texts", texts);
            series.add(one);
        });
        data.add("series", series);
        return figure("lines", caption, data);
    }

    /** Numbers from each row to each column; NaN is outside the colour scale. */
    public static Figure matrix(Caption caption, List<String> rows, List<String> columns, double[][] values) {
        JsonObject data = data(caption);
        data.add("rows", PageJson.texts(rows));
        data.add("columns", PageJson.texts(columns));
        JsonArray all = new JsonArray();
        for (double[] row : values) {
            JsonArray numbers = new JsonArray();
            for (double value : row) {
                numbers.add(Double.isNaN(value) ? JsonNull.INSTANCE : PageJson.number(value));
            }
            all.add(numbers);
        }
        data.add("values", all);
        return figure("matrix", caption, data);
    }

    /** The members that the script finds beside those of {@link Figure}. */
    public static JsonObject data(Caption caption) {
        JsonObject data = new JsonObject();
        data.addProperty("note", caption.note());
        return data;
    }

    /** A figure of a caption and its data. */
    public static Figure figure(String kind, Caption caption, JsonObject data) {
        return new Figure(kind, caption.id(), caption.title(), caption.alternative(), data);
    }
}
