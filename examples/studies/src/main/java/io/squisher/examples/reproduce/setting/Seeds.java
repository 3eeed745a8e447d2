package io.squisher.examples.reproduce.setting;

/** Seeds that mean something. */
public final class Seeds {
    /** That of everything that is chosen; no result of it is reported. */
    public static final long CHOICE = 1001;

    private Seeds() {}
}
