package io.squisher.format.keras;

import io.squisher.files.ContentKind;
import io.squisher.files.FileStart;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.hdf5.Hdf5File;
import io.squisher.format.zip.ZipArchive;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import io.squisher.internal.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An open model of Keras, from either container.
 *
 * @param config the model's and the optimizer's settings; absent in a bare {@code .weights.h5}
 */
record KerasFile(Path path, KerasStore weights, Optional<JsonObject> config, Optional<ZipArchive> archive)
        implements AutoCloseable {
    static final String FORMAT = "Keras model";

    private static final int MAX_CONFIG = 64 << 20;
    private static final String WEIGHTS = "model.weights.h5";
    private static final String CONFIG = "config.json";

    static boolean recognises(Path path) {
        Optional<ContentKind> content = ContentKind.of(path);
        return content.filter(new KerasFormat().contents()::contains).isPresent()
                || path.getFileName().toString().endsWith(".keras") && ZipArchive.startsLikeOne(FileStart.of(path, 4));
    }

    static KerasFile open(Path path) {
        if (!ZipArchive.startsLikeOne(FileStart.of(path, 4))) {
            try (Opening opening = new Opening()) {
                KerasStore weights = store(opening, Hdf5File.open(path));
                return opening.keep(new KerasFile(path, weights, legacyConfig(path, weights), Optional.empty()));
            }
        }
        try (Opening opening = new Opening()) {
            ZipArchive archive = opening.add(ZipArchive.open(path));
            if (!archive.names().contains(WEIGHTS)) {
                throw FormatException.notA(path, FORMAT, "an archive without " + WEIGHTS);
            }
            Optional<JsonObject> config = archive.names().contains(CONFIG)
                    ? Optional.of(parse(path, new String(archive.bytes(CONFIG, MAX_CONFIG), StandardCharsets.UTF_8)))
                    : Optional.empty();
            KerasStore weights = store(opening, Hdf5File.open(archive.region(WEIGHTS)));
            return opening.keep(new KerasFile(path, weights, config, Optional.of(archive)));
        }
    }

    private static KerasStore store(Opening opening, Hdf5File file) {
        return opening.add(new KerasStore(opening.add(file)));
    }

    /** The older container has both settings as attributes; they are put together as the newer one has them. */
    private static Optional<JsonObject> legacyConfig(Path path, KerasStore weights) {
        Optional<String> model = weights.attribute("", "model_config");
        if (model.isEmpty()) {
            return Optional.empty();
        }
        JsonObject config = parse(path, model.get());
        weights.attribute("", "training_config").ifPresent(text -> {
            JsonObject training = parse(path, text);
            JsonElement optimizer =
                    training.has("optimizer_config") ? training.get("optimizer_config") : training.get("optimizer");
            if (optimizer != null) {
                JsonObject compile = new JsonObject();
                compile.add("optimizer", optimizer);
                config.add("compile_config", compile);
            }
        });
        return Optional.of(config);
    }

    private static JsonObject parse(Path path, String text) {
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw FormatException.bad(path, FORMAT, "its settings are no JSON object: " + FormatException.firstLine(e));
        } catch (StackOverflowError e) {
            throw FormatException.bad(path, FORMAT, "its settings are nested too deeply");
        }
    }

    /** The optimizer's settings: class and configuration. A program that gave its name alone gets what the name stands for. */
    Optional<JsonObject> optimizer() {
        return config.map(json -> object(json, "compile_config"))
                .map(json -> json.get("optimizer"))
                .flatMap(optimizer -> optimizer instanceof JsonPrimitive name && name.isString()
                        ? Optional.of(KerasOptimizerKind.byDefault(name.getAsString()))
                        : Optional.of(optimizer)
                                .filter(JsonObject.class::isInstance)
                                .map(JsonObject.class::cast));
    }

    static JsonObject object(JsonObject parent, String key) {
        return parent.get(key) instanceof JsonObject child ? child : null;
    }

    @Override
    public void close() {
        weights.close();
        archive.ifPresent(ZipArchive::close);
    }
}
