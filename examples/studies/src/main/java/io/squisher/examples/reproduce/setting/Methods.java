package io.squisher.examples.reproduce.setting;

/** Names of the methods that occur in every setting. */
public final class Methods {
    /** The empirical Fisher. */
    public static final String FISHER = "Fisher";

    public static final String EXACT = "exact Fisher";
    public static final String SQUISHER = "Squisher";

    private Methods() {}
}
