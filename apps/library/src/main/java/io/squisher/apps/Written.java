package io.squisher.apps;

import io.squisher.OneLine;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that was written.
 *
 * @param file where it is
 * @param summary what was done, in a few words
 * @param warnings what the user should know, each a complete line
 */
public record Written(Path file, String summary, List<String> warnings) {
    public Written {
        warnings = List.copyOf(warnings);
    }

    /** One line: the file, the summary, and the warnings where there are some. */
    @Override
    public String toString() {
        String text = file + ": " + summary;
        return OneLine.of(warnings.isEmpty() ? text : text + "; warning: " + String.join("; warning: ", warnings));
    }
}
