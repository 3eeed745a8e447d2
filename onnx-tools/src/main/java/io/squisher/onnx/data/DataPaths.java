package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.files.SameFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * Which files a data set is: a file stands for itself, a folder for the npz files in it, and a pattern such as {@code
 * shards/*.npz} for the files that it matches ({@code **} also in folders below). Files of a folder or a pattern are in the order
 * of their names.
 */
public final class DataPaths {
    private static final String SUFFIX = ".npz";
    private static final int DEEPEST = 16;

    private DataPaths() {}

    /**
     * The files, in order.
     *
     * @throws SquisherException if a folder holds none, a pattern matches none, or a file is there twice
     */
    public static List<Path> expand(List<Path> given) {
        List<Path> files = new ArrayList<>();
        given.forEach(path -> files.addAll(expand(path)));
        Set<Path> seen = new LinkedHashSet<>();
        for (Path file : files) {
            if (!seen.add(SameFile.real(file))) {
                throw new SquisherException(
                        "the data '" + file + "' is given twice, and its examples would count twice; give it once");
            }
        }
        return files;
    }

    private static List<Path> expand(Path path) {
        if (Files.isDirectory(path)) {
            List<Path> files =
                    files(path, 1, file -> file.getFileName().toString().endsWith(SUFFIX));
            if (files.isEmpty()) {
                throw new SquisherException("cannot read '" + path + "': the folder holds no file that ends in "
                        + SUFFIX + "; numpy.savez writes one");
            }
            return files;
        }
        if (Files.exists(path) || !isPattern(path)) {
            return List.of(path);
        }
        Path folder = folder(path);
        List<Path> files = files(folder, depth(path, folder), matcher(path));
        if (files.isEmpty()) {
            throw new SquisherException("cannot read '" + path + "': no file matches");
        }
        return files;
    }

    private static boolean isPattern(Path path) {
        return path.toString().matches(".*[*?\\[{].*");
    }

    /** The deepest folder that stands before the first wildcard. */
    private static Path folder(Path pattern) {
        Path folder = pattern.isAbsolute() ? pattern.getRoot() : Path.of("");
        for (Path name : pattern) {
            if (isPattern(name)) {
                break;
            }
            folder = folder.resolve(name);
        }
        return folder;
    }

    private static PathMatcher matcher(Path pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new SquisherException(
                    "cannot read '" + pattern + "': it is no file and no pattern (" + e.getDescription() + ")", e);
        }
    }

    /** How many folders deep a pattern looks; {@code **} stands for any number. */
    private static int depth(Path pattern, Path folder) {
        int below = pattern.getNameCount() - (folder.toString().isEmpty() ? 0 : folder.getNameCount());
        return pattern.toString().contains("**") ? DEEPEST : Math.min(DEEPEST, below);
    }

    /** Files below a folder; what cannot be looked into holds none. */
    private static List<Path> files(Path folder, int depth, PathMatcher wanted) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && wanted.matches(file)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException problem) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
        Collections.sort(files);
        return files;
    }
}
