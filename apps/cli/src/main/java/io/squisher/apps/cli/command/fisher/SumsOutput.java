package io.squisher.apps.cli.command.fisher;

import java.nio.file.Path;

/** Which outputs hold sums, by their names. */
final class SumsOutput {
    private static final String SUFFIX = ".sums";

    private SumsOutput() {}

    /** Whether a file of this name holds sums and no Fisher. */
    static boolean isSums(Path file) {
        return file.toString().endsWith(SUFFIX);
    }
}
