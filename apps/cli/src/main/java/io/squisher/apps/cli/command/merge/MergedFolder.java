package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.apps.merge.MergeInput;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.format.hub.HubFolder;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What makes a folder of a merged model that loaders know: a configuration, a tokenizer and a card. */
final class MergedFolder {
    private final MergeSettings settings;
    private final HubFolder source;
    private final Map<String, byte[]> copies;

    private MergedFolder(MergeSettings settings, HubFolder source, Map<String, byte[]> copies) {
        this.settings = settings;
        this.source = source;
        this.copies = copies;
    }

    /** With the files of {@code source}; its configuration names the type that is written. */
    static MergedFolder of(MergeSettings settings, HubFolder source) {
        Map<String, byte[]> copies = new LinkedHashMap<>(source.beside());
        settings.options()
                .type()
                .ifPresent(type -> copies.computeIfPresent(
                        HubFolder.CONFIGURATION,
                        (name, bytes) -> ofType(source.path().resolve(name), bytes, type)));
        return new MergedFolder(settings, source, copies);
    }

    private static byte[] ofType(Path file, byte[] bytes, ElementType type) {
        try {
            JsonObject json = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            for (String key : List.of("torch_dtype", "dtype")) {
                if (json.has(key)) {
                    json.addProperty(key, MergeFlags.nameOf(type));
                }
            }
            String text = new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .serializeNulls()
                    .create()
                    .toJson(json);
            return (text + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonParseException | IllegalStateException e) {
            throw FormatException.bad(file, "configuration", "it is no JSON object");
        }
    }

    /** The names of all files that are written. */
    Set<String> names() {
        Map<String, byte[]> all = new LinkedHashMap<>(copies);
        all.put(MergeCard.NAME, new byte[0]);
        return all.keySet();
    }

    /**
     * Looks at a folder before the work.
     *
     * @throws SquisherException if a file would be lost that says something else
     */
    void check(Path folder, boolean force) {
        for (String name : names()) {
            Path file = folder.resolve(name);
            AtomicFile.problemOf(file).ifPresent(problem -> {
                throw new SquisherException("cannot write '" + file + "': " + problem);
            });
            if (!force && Files.exists(file) && !isOurs(file, name)) {
                throw new SquisherException("cannot write '" + file + "' with --hub: there is another file of that"
                        + " name; give an output in an empty folder, or --force to replace it");
            }
        }
    }

    private boolean isOurs(Path file, String name) {
        try {
            byte[] there = Files.readAllBytes(file);
            return name.equals(MergeCard.NAME)
                    ? new String(there, StandardCharsets.UTF_8).contains(MergeCard.MARK)
                    : Arrays.equals(there, copies.get(name));
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    /** Writes all beside a merged model; the card last. */
    void write(Path model, List<MergeInput> models, Map<String, String> metadata) {
        copies.forEach((name, bytes) -> AtomicFile.write(model.resolveSibling(name), bytes));
        String title = String.valueOf(model.toAbsolutePath().getParent().getFileName());
        String card = new MergeCard(settings, models, metadata).text(title);
        AtomicFile.write(model.resolveSibling(MergeCard.NAME), card.getBytes(StandardCharsets.UTF_8));
    }

    /** What was written, in a line. */
    String words() {
        return "beside it: " + String.join(", ", names()) + " (from '" + source + "')";
    }
}
