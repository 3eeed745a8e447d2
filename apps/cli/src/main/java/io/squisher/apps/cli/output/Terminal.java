package io.squisher.apps.cli.output;

/** What the user's terminal is like. */
public final class Terminal {
    /** What the launcher measured, where standard output is a terminal. */
    private static final String COLUMNS_PROPERTY = "squisher.columns";

    private static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 40;
    private static final int MOST_COLUMNS = 160;

    private Terminal() {}

    /** How many characters a line has: {@code COLUMNS} if the user set it, else the terminal's, else 80; 40 to 160. */
    public static int columns() {
        String set = System.getenv("COLUMNS");
        return columns(set != null && !set.isEmpty() ? set : System.getProperty(COLUMNS_PROPERTY, ""));
    }

    static int columns(String said) {
        return said.matches("[1-9][0-9]{0,5}")
                ? Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, Integer.parseInt(said)))
                : USUAL_COLUMNS;
    }
}
