package io.squisher.apps.cli.command.merge;

import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.page.CommandPage;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergePlan;
import io.squisher.internal.gson.JsonParser;
import io.squisher.report.Block;
import io.squisher.report.Column;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Table;
import io.squisher.report.Text;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of a merge: how far the merged model lies from each that went into it, layer by layer. */
record MergePage(MergePlan plan, List<MergeInput> inputs) {
    private static final int MOST_BARS = 24;

    /** How far a merged tensor is from each model's: ‖θ − θᵢ‖ / ‖θᵢ‖. */
    private record Distances(long elements, List<Double> relative) {}

    Page page(Report report) {
        List<String> names = names();
        Map<String, Distances> layers = new LinkedHashMap<>();
        plan.tensors().forEach((name, merged) -> layers.put(name, distances(name, merged)));
        Map<String, List<Double>> bars = new LinkedHashMap<>();
        layers.entrySet().stream()
                .sorted((a, b) ->
                        Long.compare(b.getValue().elements(), a.getValue().elements()))
                .limit(MOST_BARS)
                .forEach(entry -> bars.put(entry.getKey(), entry.getValue().relative()));
        List<Block> blocks = new ArrayList<>();
        if (!bars.isEmpty()) {
            Figure figure = Figures.bars(
                    new Caption(
                            "distances",
                            "Distance of the merged model from each, by layer",
                            "Relative distance of each layer from that of each model, the largest layers first",
                            "‖θ − θᵢ‖ / ‖θᵢ‖: 0 is that model itself."
                                    + (layers.size() > bars.size() ? " The table has all layers." : "")),
                    false,
                    names,
                    bars);
            figure.data().addProperty("wide", true);
            blocks.add(figure);
        }
        blocks.add(table(names, layers));
        Map<String, String> facts = new LinkedHashMap<>();
        inputs.forEach(input -> {
            facts.put(
                    input.weights().path().toString(),
                    input.fisher().map(fisher -> "with " + fisher.label()).orElse("without a Fisher"));
        });
        plan.metadata().values().forEach(json -> JsonParser.parseString(json).getAsJsonObject().entrySet().stream()
                .filter(member -> !member.getKey().equals("models"))
                .forEach(member -> facts.put(member.getKey().replace('_', ' '), Json.plain(member.getValue()))));
        return new CommandPage("merge", report)
                .page(
                        "Merge of " + String.join(", ", names),
                        blocks,
                        List.of(new Section("provenance", "Where the numbers come from", new Text.Facts(facts))));
    }

    /** Files' names; whole paths where these repeat. */
    private List<String> names() {
        List<String> names = inputs.stream()
                .map(input -> input.weights().path().getFileName().toString())
                .toList();
        return names.stream().distinct().count() == names.size()
                ? names
                : inputs.stream()
                        .map(input -> input.weights().path().toString())
                        .toList();
    }

    private Distances distances(String name, Tensor merged) {
        List<Double> relative = new ArrayList<>();
        for (MergeInput input : inputs) {
            relative.add(
                    input.weights().names().contains(name)
                                    && input.weights().tensor(name).shape().equals(merged.shape())
                            ? distance(merged, input.weights().tensor(name))
                            : Double.NaN);
        }
        return new Distances(merged.size(), relative);
    }

    private static double distance(Tensor merged, Tensor model) {
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        double[] a = new double[ChunkReader.DEFAULT_ELEMENTS];
        double[] b = new double[ChunkReader.DEFAULT_ELEMENTS];
        double difference = 0;
        double size = 0;
        int count;
        for (long start = 0; (count = reader.read(merged, start, a)) > 0; start += count) {
            for (int read = 0; read < count; ) {
                read += reader.read(model, start + read, b, read, count - read);
            }
            for (int i = 0; i < count; i++) {
                difference += (a[i] - b[i]) * (a[i] - b[i]);
                size += b[i] * b[i];
            }
        }
        return difference == 0 ? 0 : Math.sqrt(difference / size);
    }

    private Table table(List<String> names, Map<String, Distances> layers) {
        List<Column> columns = new ArrayList<>(List.of(
                Column.layer("tensor", "tensor"),
                Column.text("treatment", "treatment"),
                Column.count("elements", "elements")));
        for (int i = 0; i < names.size(); i++) {
            columns.add(Column.number("distance_" + (i + 1), "distance from " + names.get(i)));
        }
        Table table = Table.of("tensors", "Tensors", columns.toArray(Column[]::new));
        plan.treatments().forEach((name, treatment) -> {
            List<Object> cells = new ArrayList<>(List.of(name, Values.spellConstant(treatment)));
            Distances distances = layers.get(name);
            cells.add(distances == null ? null : distances.elements());
            for (int i = 0; i < names.size(); i++) {
                cells.add(distances == null ? null : distances.relative().get(i));
            }
            table.row(cells.toArray());
        });
        return table;
    }
}
