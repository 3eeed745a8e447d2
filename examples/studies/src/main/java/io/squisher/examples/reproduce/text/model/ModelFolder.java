package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.setting.Notes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Where models are that several units share, and what was measured of them; for several threads. */
public final class ModelFolder {
    private final Path folder;
    private final Map<Path, Object> locks = new ConcurrentHashMap<>();
    private final Map<Long, Notes> numbers = new ConcurrentHashMap<>();

    /**
     * @param folder belongs to one encoder and one choice of sizes; made when it is needed
     */
    public ModelFolder(Path folder) {
        this.folder = folder;
    }

    /** A file that all seeds share. */
    Path file(String name) {
        return Folders.created(folder).resolve(name);
    }

    /** The folder of a seed. */
    Path of(long seed) {
        return Folders.created(folder.resolve("seed-" + seed));
    }

    /** Numbers that several units of a seed share; what is there is not measured again. */
    Notes numbers(long seed) {
        return numbers.computeIfAbsent(seed, missing -> new Notes(of(seed).resolve("numbers.json")));
    }

    /** A file that is made once: whoever else wants it meanwhile waits. */
    Path kept(Path file, Consumer<Path> maker) {
        synchronized (locks.computeIfAbsent(file, missing -> new Object())) {
            if (!Files.exists(file)) {
                maker.accept(file);
            }
            return file;
        }
    }
}
