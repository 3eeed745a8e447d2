package io.squisher.onnx.image;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Pictures with their labels, as words: a folder with a folder of pictures for each class, in the order of names; or a list with a
 * line {@code path,label} for each picture, where paths count from the list's folder.
 */
record ImageList(List<Path> files, List<String> labels) {
    private static final String FORMAT = "list of pictures";
    private static final Predicate<String> PICTURE =
            name -> name.toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)");
    private static final int LONGEST_LINE = 1 << 16;

    /**
     * Reads a folder or a list.
     *
     * @throws SquisherException if it has no pictures, a class of a folder has none, or a line is none
     */
    static ImageList of(Path source) {
        return Files.isDirectory(source) ? ofFolder(source) : ofFile(source);
    }

    private static ImageList ofFolder(Path folder) {
        ImageList found = new ImageList(new ArrayList<>(), new ArrayList<>());
        List<Path> classes = entries(folder).stream()
                .filter(entry -> Files.isDirectory(entry) && !name(entry).startsWith("."))
                .toList();
        for (Path of : classes) {
            List<Path> pictures = entries(of).stream()
                    .filter(entry -> PICTURE.test(name(entry)) && Files.isRegularFile(entry))
                    .toList();
            if (pictures.isEmpty()) {
                throw new SquisherException("the class '" + name(of) + "' is empty: the folder '" + of
                        + "' holds no file that ends in .png, .jpg or .jpeg");
            }
            pictures.forEach(picture -> {
                found.files.add(picture);
                found.labels.add(name(of));
            });
        }
        if (found.files.isEmpty()) {
            throw new SquisherException(
                    "cannot read '" + folder + "': it holds no folders of pictures, one for each class");
        }
        return found;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }

    private static ImageList ofFile(Path file) {
        ImageList found = new ImageList(new ArrayList<>(), new ArrayList<>());
        Path folder = file.toAbsolutePath().getParent();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                int comma = line.lastIndexOf(',');
                String label = line.substring(comma + 1).strip();
                boolean header = number == 1 && label.equalsIgnoreCase("label");
                if (line.isBlank() || header) {
                    continue;
                }
                if (comma < 1 || label.isEmpty() || line.length() > LONGEST_LINE || line.indexOf(0) >= 0) {
                    throw FormatException.notText(file, FORMAT, "line " + number + " is no path,label");
                }
                found.files.add(folder.resolve(line.substring(0, comma).strip()));
                found.labels.add(label);
            }
        } catch (CharacterCodingException e) {
            throw FormatException.notText(file, FORMAT, "it is not UTF-8");
        } catch (java.nio.file.InvalidPathException e) {
            throw FormatException.notText(file, FORMAT, FormatException.firstLine(e));
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
        if (found.files.isEmpty()) {
            throw FormatException.bad(file, FORMAT, "it has no lines");
        }
        return found;
    }

    /** The first of them. */
    ImageList limit(long most) {
        int count = (int) Math.min(most, files.size());
        return new ImageList(files.subList(0, count), labels.subList(0, count));
    }

    @Override
    public String toString() {
        return Counted.of(files.size(), "picture");
    }
}
