package io.squisher.apps.cli.command.inspect;

import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.fisher.logits.ListedValue;
import io.squisher.onnx.fisher.logits.ValueList;
import java.nio.file.Path;
import java.util.List;

/** What {@code inspect --graph} shows: the values of a model that {@code --output} can name. */
final class GraphListing {
    private GraphListing() {}

    static void print(Path file, Console console) {
        List<ListedValue> values = ValueList.of(OnnxFile.read(file));
        TextTable table = new TextTable("value", "operator", "shape", "");
        JsonArray array = new JsonArray();
        for (ListedValue value : values) {
            String mark = value.output() ? "output" : "";
            if (value.likeLogits()) {
                mark += mark.isEmpty() ? "logits?" : ", logits?";
            }
            table.row(value.name(), value.operator(), value.shape(), mark);
            JsonObject json = new JsonObject();
            json.addProperty("name", value.name());
            json.addProperty("operator", value.operator());
            json.addProperty("shape", value.shape());
            json.addProperty("output", value.output());
            json.addProperty("like_logits", value.likeLogits());
            array.add(json);
        }
        console.print(file + ": " + values.size() + " floating-point values that --output can name");
        table.lines().forEach(console::print);
        JsonObject document = new JsonObject();
        document.addProperty("file", file.toString());
        document.add("values", array);
        console.printJson(document);
    }
}
