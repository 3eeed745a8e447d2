package io.squisher.apps.cli.command.inspect;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.inspect.TensorSummary;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher inspect}: the tensors, provenance and metadata of any file that can be read. */
public final class InspectCommand implements Command {
    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public String summary() {
        return "Show what is in a file: tensors, roles, statistics, provenance";
    }

    @Override
    public String arguments() {
        return "FILE";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.bare("no-statistics", "names, types and shapes only: reads no values"))
                .addOption(Flags.bare(
                        "graph",
                        "of an ONNX model: the values that --output can name, with their shapes, instead of tensors"))
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("the initializers of a model", "inspect model.onnx"),
                new Example("what 'fisher --output' can look at", "inspect model.onnx --graph"),
                new Example("where a Fisher comes from, for a program", "inspect fisher.safetensors --json"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Path file = new Values(name(), line).arguments("FILE").get(0);
        if (line.hasOption("graph")) {
            GraphListing.print(file, console);
            return ExitCode.DONE;
        }
        boolean statistics = !line.hasOption("no-statistics");
        try (InspectedFile inspected = InspectedFile.open(file)) {
            JsonObject document = new JsonObject();
            document.addProperty("file", file.toString());
            document.addProperty("format", inspected.format());
            document.add("metadata", metadata(inspected));
            document.add("tensors", tensors(inspected, statistics));
            print(document, console);
            console.printJson(document);
        }
        return ExitCode.DONE;
    }

    /** Metadata; what is itself JSON (our provenance) is shown as such. */
    private static JsonObject metadata(InspectedFile file) {
        JsonObject metadata = new JsonObject();
        for (Map.Entry<String, String> entry : file.metadata().entrySet()) {
            boolean ours =
                    entry.getKey().startsWith("squisher.") && entry.getValue().startsWith("{");
            metadata.add(entry.getKey(), ours ? JsonParser.parseString(entry.getValue()) : Json.text(entry.getValue()));
        }
        return metadata;
    }

    private static JsonArray tensors(InspectedFile file, boolean statistics) {
        JsonArray tensors = new JsonArray();
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        for (Map.Entry<String, Tensor> entry : file.tensors().entrySet()) {
            String name = entry.getKey();
            Tensor tensor = entry.getValue();
            JsonObject json = new JsonObject();
            json.addProperty("name", name);
            json.addProperty("type", tensor.type().name());
            json.add("shape", Json.shape(tensor.shape()));
            json.addProperty("role", file.roles().apply(name));
            if (statistics) {
                TensorSummary summary = TensorSummary.of(tensor, reader);
                json.add("min", Json.number(summary.min()));
                json.add("max", Json.number(summary.max()));
                json.add("mean", Json.number(summary.mean()));
                json.addProperty("zeros", summary.zeros());
                json.addProperty("not_finite", summary.notFinite());
            }
            tensors.add(json);
        }
        return tensors;
    }

    private static void print(JsonObject document, Console console) {
        console.print(document.get("file").getAsString() + ": "
                + document.get("format").getAsString());
        for (Map.Entry<String, JsonElement> entry :
                document.getAsJsonObject("metadata").entrySet()) {
            if (entry.getValue().isJsonObject()) {
                console.print("  " + entry.getKey() + ":");
                entry.getValue().getAsJsonObject().entrySet().forEach(item -> lines(item.getKey(), item.getValue())
                        .forEach(console::print));
            } else {
                console.print("  " + entry.getKey() + ": " + Json.plain(entry.getValue()));
            }
        }
        TextTable table = new TextTable("tensor", "type", "shape", "role", "min", "max", "mean");
        long elements = 0;
        for (JsonElement element : document.getAsJsonArray("tensors")) {
            JsonObject tensor = element.getAsJsonObject();
            elements += elements(tensor.getAsJsonArray("shape"));
            table.row(
                    tensor.get("name").getAsString(),
                    tensor.get("type").getAsString(),
                    Json.plain(tensor.get("shape")),
                    tensor.get("role").getAsString(),
                    number(tensor.get("min")),
                    number(tensor.get("max")),
                    number(tensor.get("mean")));
        }
        table.lines().forEach(console::print);
        console.print(String.format(
                Locale.ROOT,
                "%d tensors, %,d elements",
                document.getAsJsonArray("tensors").size(),
                elements));
    }

    /** An entry of our metadata: an object of a list on a line of its own, anything else on one. */
    private static List<String> lines(String key, JsonElement value) {
        boolean objects =
                value.isJsonArray() && value.getAsJsonArray().asList().stream().anyMatch(JsonElement::isJsonObject);
        List<JsonElement> items = objects ? value.getAsJsonArray().asList() : List.of(value);
        return items.stream()
                .map(item -> "    " + key + ": " + Json.plain(item))
                .toList();
    }

    private static long elements(JsonArray shape) {
        long product = 1;
        for (JsonElement dim : shape) {
            product *= dim.getAsLong();
        }
        return product;
    }

    private static String number(JsonElement value) {
        return value == null || value.isJsonNull() ? "" : String.format(Locale.ROOT, "%.4g", value.getAsDouble());
    }
}
