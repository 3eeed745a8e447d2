package io.squisher.apps.cli.option;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A place that a command may write to: declared with an option, and looked at by {@link OutputGuard} before any work. */
public final class Output {
    private final Path path;
    private final boolean replaces;

    Output(Path path) {
        this.path = path;
        this.replaces = Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** What the result's line begins with: {@code wrote FILE}, and that there was an older file, if there was. */
    public String wrote() {
        return "wrote " + path + (replaces ? ", replacing an older file" : "");
    }

    /** The path. */
    @Override
    public String toString() {
        return path.toString();
    }
}
