package io.squisher.report;

/**
 * A column of a table.
 *
 * @param key its name in {@code results.json}: lower-case words joined by underscores
 * @param title its heading
 * @param kind how its values are written and sorted
 */
public record Column(String key, String title, Kind kind) {
    /** What a column holds. */
    public enum Kind {
        TEXT,
        /** The name of a layer: a link to it. */
        LAYER,
        /** Whole numbers. */
        COUNT,
        /** 0 to 1, written in percent. */
        SHARE,
        /** Any numbers. */
        NUMBER
    }

    public static Column text(String key, String title) {
        return new Column(key, title, Kind.TEXT);
    }

    public static Column layer(String key, String title) {
        return new Column(key, title, Kind.LAYER);
    }

    public static Column count(String key, String title) {
        return new Column(key, title, Kind.COUNT);
    }

    public static Column share(String key, String title) {
        return new Column(key, title, Kind.SHARE);
    }

    public static Column number(String key, String title) {
        return new Column(key, title, Kind.NUMBER);
    }
}
