package io.squisher.examples.reproduce.running;

import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.setting.RunResult;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finished runs on disk, a JSON file each; one whose fingerprint is another counts as not run. */
final class RunStore {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .create();

    private final Path folder;

    RunStore(Path folder) {
        this.folder = Folders.created(folder);
    }

    Optional<RunResult> find(String setting, long seed, String fingerprint) {
        Path file = file(setting, seed);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            RunResult result = GSON.fromJson(Files.readString(file), RunResult.class);
            return Optional.ofNullable(result).filter(found -> fingerprint.equals(found.fingerprint()));
        } catch (JsonParseException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    void save(RunResult result) {
        AtomicFile.write(
                file(result.setting(), result.seed()), GSON.toJson(result).getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String setting, long seed) {
        return folder.resolve(setting + "-seed-" + seed + ".json");
    }
}
