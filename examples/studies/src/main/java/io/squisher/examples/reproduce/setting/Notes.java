package io.squisher.examples.reproduce.setting;

import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** Numbers that an unfinished run has measured already, so that a long one goes on where it was interrupted; for several threads. */
public final class Notes {
    private static final Gson GSON = new Gson();

    private final Path file;
    private final Map<String, Double> numbers = new LinkedHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /** The notes of a file; it is created with the first number. */
    public Notes(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try {
                Map<String, Double> kept =
                        GSON.fromJson(Files.readString(file), new TypeToken<Map<String, Double>>() {}.getType());
                numbers.putAll(kept == null ? Map.of() : kept);
            } catch (JsonParseException e) {
                numbers.clear();
            } catch (IOException e) {
                throw FormatException.unreadable(file, e);
            }
        }
    }

    /** The number of this name; measured if it was not yet. Whoever else asks for it meanwhile waits. */
    public double number(String name, DoubleSupplier measurement) {
        synchronized (locks.computeIfAbsent(name, missing -> new Object())) {
            Double kept;
            synchronized (numbers) {
                kept = numbers.get(name);
            }
            return kept == null ? noted(name, measurement.getAsDouble()) : kept;
        }
    }

    private double noted(String name, double measured) {
        synchronized (numbers) {
            numbers.put(name, measured);
            AtomicFile.write(file, GSON.toJson(numbers).getBytes(StandardCharsets.UTF_8));
        }
        return measured;
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
