package io.squisher.files;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files that stand in other files, which may be anybody's. */
public final class FileName {
    private FileName() {}

    /**
     * Whether a file beside another can have a name, whatever the system: no path to elsewhere, and nothing that can be no name.
     */
    public static boolean isPlain(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/") || name.contains("\\")) {
            return false;
        }
        try {
            Path path = Path.of(name);
            return path.getNameCount() == 1 && !path.isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
