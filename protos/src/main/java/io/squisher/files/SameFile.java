package io.squisher.files;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Whether two paths lead to one file, by whatever way: links, {@code ..}, hard links, another case of the letters. Paths are
 * only looked at; none needs to exist.
 */
public final class SameFile {
    private SameFile() {}

    /**
     * Whether writing one of two paths would be writing the other. Files that exist are compared by the file system itself.
     * Where one does not exist yet, equal folders and equal names count, and names that differ in nothing but case or Unicode
     * form count as equal, since they are one file on the usual disks of macOS and Windows.
     */
    public static boolean is(Path first, Path second) {
        try {
            if (Files.exists(first) && Files.exists(second)) {
                return Files.isSameFile(first, second);
            }
        } catch (IOException e) {
            // What cannot be looked at is compared by its path.
        }
        Path a = real(first);
        Path b = real(second);
        return a.equals(b) || (sameFolder(a, b) && folded(a).equals(folded(b)));
    }

    /**
     * Refuses to write a file over the one that its content comes from.
     *
     * @throws SquisherException if both are one file
     */
    public static void refuse(Path target, Path source) {
        if (is(target, source)) {
            throw new SquisherException("cannot write '" + target + "': it is the file that is read, '" + source
                    + "', which would be lost; give the output another name");
        }
    }

    /** The path with links and {@code ..} resolved as far as its folders exist. */
    public static Path real(Path path) {
        Path absolute = path.toAbsolutePath();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path folder = absolute.getParent();
            Path name = absolute.getFileName();
            return folder == null || name == null
                    ? absolute.normalize()
                    : real(folder).resolve(name).normalize();
        }
    }

    private static boolean sameFolder(Path a, Path b) {
        return a.getParent() != null && a.getParent().equals(b.getParent());
    }

    private static String folded(Path path) {
        return Normalizer.normalize(path.getFileName().toString(), Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT);
    }
}
