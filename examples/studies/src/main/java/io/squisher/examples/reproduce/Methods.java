package io.squisher.examples.reproduce;

/** Names of the methods that occur in every setting. */
final class Methods {
    /** The empirical Fisher. */
    static final String FISHER = "Fisher";

    static final String EXACT = "exact Fisher";
    static final String SQUISHER = "Squisher";

    private Methods() {}
}
