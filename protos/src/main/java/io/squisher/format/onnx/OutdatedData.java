package io.squisher.format.onnx;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.files.SameFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The data beside a model that is being replaced. A new model never gets its data under a name that an older one may read: if
 * the process died between the two renames, the old graph would read the new weights at the same places, with no sign of it.
 */
final class OutdatedData {
    private static final int DIGITS = 8;

    private OutdatedData() {}

    /** A name for the data of {@code target} that no file has. */
    static Path newName(Path target) {
        String model = target.getFileName().toString();
        Path plain = target.resolveSibling(model + ".data");
        return Files.exists(plain, LinkOption.NOFOLLOW_LINKS)
                ? target.resolveSibling(
                        model + "." + UUID.randomUUID().toString().substring(0, DIGITS) + ".data")
                : plain;
    }

    /**
     * The data files that only the model at {@code target} uses, as far as can be seen: those that it names, that are called as
     * this class calls them, and that {@code source} does not read.
     */
    static Set<Path> of(Path target, OnnxFile source) {
        if (!Files.isRegularFile(target)) {
            return Set.of();
        }
        Pattern ours = Pattern.compile(
                Pattern.quote(target.getFileName().toString()) + "(\\.[0-9a-f]{" + DIGITS + "})?\\.data");
        Set<Path> read = ExternalData.files(source);
        Set<Path> outdated = new LinkedHashSet<>();
        try {
            for (Path data : ExternalData.files(OnnxFile.read(target))) {
                boolean own = ours.matcher(data.getFileName().toString()).matches()
                        && SameFile.real(data)
                                .getParent()
                                .equals(SameFile.real(target).getParent());
                if (own && read.stream().noneMatch(file -> SameFile.is(file, data))) {
                    outdated.add(data);
                }
            }
        } catch (SquisherException e) {
            // What is replaced is no model that could be read.
        }
        return outdated;
    }

    static void delete(Set<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw FormatException.unwritable(file, e);
            }
        }
    }
}
