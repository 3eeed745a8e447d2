package io.squisher.examples.reproduce.text.unit;

import io.squisher.examples.files.Folders;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Results of units in a folder, a JSON file each. */
public final class UnitStore {
    private static final String ENDING = ".json";

    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    private final Path folder;

    public UnitStore(Path folder) {
        this.folder = folder;
    }

    /** The result of a unit, if it is there and was measured under the same conditions. */
    Optional<UnitResult> find(Unit unit, String fingerprint) {
        Path file = folder.resolve(unit.stem() + ENDING);
        return Files.exists(file)
                ? read(file).filter(found -> fingerprint.equals(found.fingerprint()))
                : Optional.empty();
    }

    void save(Unit unit, UnitResult result) {
        Folders.created(folder);
        AtomicFile.write(
                folder.resolve(unit.stem() + ENDING), (GSON.toJson(result) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** All results that are there, in the order of their files' names. */
    public List<UnitResult> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .flatMap(file -> read(file).stream())
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }

    /** A result; empty where the file is none, half of one, say. */
    private static Optional<UnitResult> read(Path file) {
        try {
            return Optional.ofNullable(GSON.fromJson(Files.readString(file), UnitResult.class))
                    .filter(result -> result.setting() != null && result.points() != null);
        } catch (JsonParseException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }
}
