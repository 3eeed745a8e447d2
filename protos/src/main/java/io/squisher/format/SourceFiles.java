package io.squisher.format;

import io.squisher.SquisherException;
import io.squisher.files.ContentKind;
import io.squisher.files.FileStart;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.ShardIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that are read with a path: a model in several files, the data beside an ONNX model, a checkpoint's shards, what a
 * folder holds. A damaged file has no members; whoever reads it says what is wrong with it.
 */
public final class SourceFiles {
    private static final int DEEPEST = 8;
    private static final int MOST_FILES = 100_000;
    private static final String BUNDLE_INDEX = ".index";
    private static final String BUNDLE_DATA = ".data-";
    private static final String BUNDLE_GRAPH = ".meta";

    private SourceFiles() {}

    /** The path itself, which need not exist, and all that is read with it. */
    public static Set<Path> of(Path path) {
        Set<Path> files = new LinkedHashSet<>();
        files.add(path);
        try {
            if (Files.isDirectory(path)) {
                addFolder(path, files);
                return files;
            }
            String name = String.valueOf(path.getFileName());
            if (name.endsWith(".index.json") || isIndex(path)) {
                addShards(path, files);
            }
            addBundle(path, name, files);
            addExternalData(path, name, files);
        } catch (SquisherException | IOException | UncheckedIOException e) {
            // Not readable as what its name says: there are no members to speak of.
        }
        return files;
    }

    private static void addFolder(Path folder, Set<Path> files) throws IOException {
        try (Stream<Path> all = Files.walk(folder, DEEPEST)) {
            all.filter(file -> !Files.isDirectory(file)).limit(MOST_FILES).forEach(files::add);
        }
    }

    private static boolean isIndex(Path path) {
        return ContentKind.of(path)
                .filter(kind -> kind == ContentKind.SAFETENSORS_INDEX || kind == ContentKind.TORCH_INDEX)
                .isPresent();
    }

    private static void addShards(Path path, Set<Path> files) {
        ShardIndex index = ShardIndex.read(path, "index");
        new LinkedHashSet<>(index.files().values()).forEach(shard -> files.add(index.shard(shard)));
    }

    /** A checkpoint of TensorFlow is named by its prefix, its index, one of its shards, or TensorFlow 1's graph. */
    private static void addBundle(Path path, String name, Set<Path> files) throws IOException {
        String prefix = name.endsWith(BUNDLE_INDEX) ? name.substring(0, name.length() - BUNDLE_INDEX.length()) : name;
        String plain =
                prefix.endsWith(BUNDLE_GRAPH) ? prefix.substring(0, prefix.length() - BUNDLE_GRAPH.length()) : prefix;
        int data = plain.lastIndexOf(BUNDLE_DATA);
        String stem = data < 0 ? plain : plain.substring(0, data);
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isRegularFile(folder.resolve(stem + BUNDLE_INDEX))) {
            return;
        }
        files.add(path.resolveSibling(stem + BUNDLE_INDEX));
        DirectoryStream.Filter<Path> shards =
                file -> file.getFileName().toString().startsWith(stem + BUNDLE_DATA);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, shards)) {
            all.forEach(files::add);
        }
    }

    private static void addExternalData(Path path, String name, Set<Path> files) {
        byte[] start = FileStart.of(path, 1);
        if (name.endsWith(".onnx") || start.length == 1 && start[0] == OnnxFile.FIRST_BYTE) {
            files.addAll(ExternalData.files(OnnxFile.read(path)));
        }
    }
}
