package io.squisher.apps.cli.command.embed;

import io.squisher.Version;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.Grouping.FilterAxis;
import io.squisher.apps.taskembedding.Grouping.Kind;
import io.squisher.apps.taskembedding.Grouping.Vectors;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.files.FormatException;
import io.squisher.files.TextFile;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.Options;

/**
 * How tasks become vectors: the options that {@code embed} and {@code similarity} share.
 *
 * @param scale brings accumulators to the scale of Fishers
 */
record EmbeddingOptions(Grouping grouping, FisherScale scale) {
    private static final String FORMAT = "task embedding";

    static Options declare() {
        return new Options()
                .addOption(Flags.value(
                        "groups",
                        "G",
                        Domain.oneOf(Kind.class),
                        "what is averaged: filter (default), tensor or element (nothing)"))
                .addOption(Flags.value(
                        "filter-axis",
                        "A",
                        Domain.oneOf(FilterAxis.class),
                        "first (default: PyTorch, ONNX Conv and Gemm) or last (TensorFlow)"))
                .addOption(Flags.value(
                        "vectors",
                        "V",
                        Domain.oneOf(Vectors.class),
                        "biases and other tensors of rank 1: drop (default) or keep"))
                .addOption(Flags.scale())
                .addOption(Flags.exclude("parameters that are left out: the head"));
    }

    static EmbeddingOptions of(Values values) {
        return new EmbeddingOptions(
                new Grouping(
                        values.choice("groups", Kind.class).orElse(Kind.FILTER),
                        values.choice("filter-axis", FilterAxis.class).orElse(FilterAxis.FIRST),
                        values.choice("vectors", Vectors.class).orElse(Vectors.DROP),
                        values.regex("exclude")),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN));
    }

    /** The embedding of a Fisher file, or the one in a JSON file that {@code embed} wrote. */
    TaskEmbedding embed(Path file, Console console) {
        String label = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        if (file.toString().endsWith(".json")) {
            return fromJson(file, label);
        }
        try (FisherFile fisher = FisherFile.open(file)) {
            NamedFisher named = new NamedFisher(file.toString(), fisher.diagonal());
            console.warnAll(scale.rescaling(fisher.diagonal().provenance(), file.toString())
                    .warnings());
            TaskEmbedding embedding = TaskEmbedding.of(named, grouping, scale);
            return embedding.withLabel(label);
        }
    }

    /** An embedding that was made under these options, with the options. */
    JsonObject toJson(TaskEmbedding embedding) {
        JsonObject json = new JsonObject();
        json.addProperty("task", embedding.label());
        json.addProperty("source", embedding.source());
        json.add("variant", variant());
        json.addProperty("data_size", embedding.dataSize());
        json.add("groups", new Gson().toJsonTree(embedding.groups()));
        JsonArray values = new JsonArray();
        for (double value : embedding.values()) {
            values.add(value);
        }
        json.add("values", values);
        return json;
    }

    /** The options by name. */
    JsonObject variant() {
        JsonObject json = new JsonObject();
        json.addProperty("groups", Values.spellConstant(grouping.kind()));
        json.addProperty("filter_axis", Values.spellConstant(grouping.axis()));
        json.addProperty("vectors", Values.spellConstant(grouping.vectors()));
        grouping.exclude().ifPresent(pattern -> json.addProperty("exclude", pattern.pattern()));
        json.addProperty("scale", scale.toString());
        json.addProperty("tool_version", Version.text());
        return json;
    }

    private static TaskEmbedding fromJson(Path file, String label) {
        try {
            JsonObject json =
                    JsonParser.parseString(TextFile.read(file, FORMAT)).getAsJsonObject();
            Map<String, Integer> groups = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> entry :
                    json.getAsJsonObject("groups").entrySet()) {
                groups.put(entry.getKey(), entry.getValue().getAsInt());
            }
            JsonArray array = json.getAsJsonArray("values");
            double[] values = new double[array.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = array.get(i).getAsDouble();
            }
            return new TaskEmbedding(
                    label,
                    groups,
                    values,
                    json.get("source").getAsString(),
                    json.get("data_size").getAsLong());
        } catch (JsonParseException
                | IllegalStateException
                | ClassCastException
                | NullPointerException
                | NumberFormatException e) {
            throw FormatException.notText(file, FORMAT, "'squisher embed' writes an object with groups and values");
        }
    }
}
