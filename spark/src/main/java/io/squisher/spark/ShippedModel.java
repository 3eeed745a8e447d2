package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;

/**
 * A model that Spark gives to each machine as files. Spark knows files by their names alone, so they are named by a hash of their
 * content: two models of the same name in one session are two.
 *
 * @param hash of the model and its external data
 * @param locations the model's name, then its external data's relative to it
 */
record ShippedModel(String hash, ArrayList<String> locations) implements Serializable {
    private static final int HASH_CHARACTERS = 24;
    private static final int BUFFER = 1 << 16;
    private static final Map<String, Boolean> SHIPPED = new ConcurrentHashMap<>();

    /**
     * Gives a model's files to Spark, once in a session. They are kept as long as the session lives: executors that come
     * later ask for them.
     */
    static ShippedModel of(SparkContext spark, OnnxFile model) {
        Path folder = model.path().toAbsolutePath().normalize().getParent();
        List<Path> files = new ArrayList<>(List.of(model.path().toAbsolutePath().normalize()));
        for (Path file : ExternalData.files(model)) {
            // Reading the tensor says what is wrong with others.
            if (file.normalize().startsWith(folder) && Files.isRegularFile(file)) {
                files.add(file.normalize());
            }
        }
        ArrayList<String> locations = new ArrayList<>();
        files.forEach(file -> locations.add(folder.relativize(file).toString()));
        ShippedModel shipped = new ShippedModel(hash(files), locations);
        SHIPPED.computeIfAbsent(spark.applicationId() + shipped.hash, key -> {
            shipped.give(spark, files);
            return true;
        });
        return shipped;
    }

    private void give(SparkContext spark, List<Path> files) {
        Path folder = TemporaryFolders.untilTheEnd("squisher-model");
        for (int i = 0; i < files.size(); i++) {
            Path named = folder.resolve(name(i));
            link(files.get(i), named);
            spark.addFile(named.toString());
        }
    }

    private String name(int file) {
        return "squisher-" + hash + "-" + file;
    }

    private static void link(Path file, Path name) {
        try {
            try {
                Files.createLink(name, file);
            } catch (IOException | UnsupportedOperationException e) {
                // Another file system, or one without links.
                Files.copy(file, name);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(name, e);
        }
    }

    private static String hash(List<Path> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (Path file : files) {
                digest.update(file.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(Long.toString(Files.size(file)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
                try (InputStream stream = Files.newInputStream(file)) {
                    for (int count = stream.read(buffer); count > 0; count = stream.read(buffer)) {
                        digest.update(buffer, 0, count);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
        } catch (IOException e) {
            throw FormatException.unreadable(files.get(0), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The model on the machine of a task, under its own name and with its data beside it. */
    OnnxFile open() {
        synchronized (ShippedModel.class) {
            Path folder = Path.of(SparkFiles.getRootDirectory()).resolve("squisher-model-" + hash);
            for (int i = 0; i < locations.size(); i++) {
                Path file = folder.resolve(locations.get(i));
                if (!Files.exists(file)) {
                    place(Path.of(SparkFiles.get(name(i))), file);
                }
            }
            return OnnxFile.read(folder.resolve(locations.get(0)));
        }
    }

    private static void place(Path shipped, Path file) {
        if (!Files.isRegularFile(shipped)) {
            throw new SquisherException(
                    "'" + shipped + "' is not there: Spark did not bring the model to this machine");
        }
        try {
            Files.createDirectories(file.getParent());
            link(shipped, file);
        } catch (FileAlreadyExistsException e) {
            // Another executor of this machine was faster.
            return;
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
