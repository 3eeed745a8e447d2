package io.squisher.apps.cli.option;

/** Words of the command line within a message. */
public final class Quoted {
    /** More than any name that a person types; a whole file pasted by accident is longer. */
    private static final int MOST = 100;

    private Quoted() {}

    /** The word between quotes, shortened where it is very long. */
    public static String of(String word) {
        return "'" + (word.length() > MOST ? word.substring(0, MOST) + "…" : word) + "'";
    }
}
