package io.squisher.format;

import io.squisher.SquisherException;
import io.squisher.files.FileStart;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The files that appear, change or go when a model is written under a name: the data beside it, shards, an index. */
public final class TargetFiles {
    private static final String SHARDED = ".safetensors.index.json";
    private static final String BUNDLE = ".index";

    private TargetFiles() {}

    /** The path itself and all that writing a model there may touch; none needs to exist. */
    public static Set<Path> of(Path path) {
        Set<Path> files = new LinkedHashSet<>();
        files.add(path);
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(SHARDED)) {
            addShards(path, name.substring(0, name.length() - SHARDED.length()), files);
        } else if (name.endsWith(BUNDLE)) {
            String prefix = name.substring(0, name.length() - BUNDLE.length());
            files.add(path.resolveSibling(prefix + ".data-00000-of-00001"));
        } else if (name.endsWith(".onnx")) {
            files.add(path.resolveSibling(name + ".data"));
            addOlderData(path, files);
        }
        return files;
    }

    /** How many there will be is not known before; those that exist are what can be lost. */
    private static void addShards(Path path, String stem, Set<Path> files) {
        Pattern shard = Pattern.compile(Pattern.quote(stem) + "-\\d{5}-of-\\d{5}\\.safetensors");
        DirectoryStream.Filter<Path> shards =
                file -> shard.matcher(file.getFileName().toString()).matches();
        Path folder = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, shards)) {
            all.forEach(files::add);
        } catch (IOException e) {
            // The folder cannot be listed: writing there says why.
        }
    }

    /** What an older model at this place has its data in goes with it. */
    private static void addOlderData(Path path, Set<Path> files) {
        byte[] start = FileStart.of(path, 1);
        if (start.length == 1 && start[0] == OnnxFile.FIRST_BYTE) {
            try {
                files.addAll(ExternalData.files(OnnxFile.read(path)));
            } catch (SquisherException e) {
                // No model that could have data.
            }
        }
    }
}
