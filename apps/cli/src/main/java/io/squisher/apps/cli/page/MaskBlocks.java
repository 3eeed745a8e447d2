package io.squisher.apps.cli.page;

import io.squisher.report.Block;
import io.squisher.report.Column;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Table;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a mask does to each layer, as a picture and a table. */
public final class MaskBlocks {
    private static final int MOST_BARS = 24;

    private MaskBlocks() {}

    /** What is left of each layer. */
    private record Layer(long elements, long kept) {
        double kept(boolean wanted) {
            double share = (double) kept / Math.max(1, elements);
            return wanted ? share : 1 - share;
        }
    }

    /**
     * Reads the masks once.
     *
     * @param masks ones where something stays
     * @param method what chose, for the colour
     * @param keeps whether what is kept is shown, as for a mask, or what goes, as for pruning
     */
    public static List<Block> of(Map<String, Tensor> masks, String method, boolean keeps) {
        Map<String, Layer> layers = new LinkedHashMap<>();
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        masks.forEach((name, mask) -> {
            long[] kept = {0};
            reader.forEach(mask, (i, value) -> kept[0] += value != 0 ? 1 : 0);
            layers.put(name, new Layer(mask.size(), kept[0]));
        });
        String verb = keeps ? "kept" : "pruned";
        Map<String, List<Double>> bars = new LinkedHashMap<>();
        layers.entrySet().stream()
                .sorted((a, b) ->
                        Long.compare(b.getValue().elements(), a.getValue().elements()))
                .limit(MOST_BARS)
                .forEach(entry ->
                        bars.put(entry.getKey(), List.of(entry.getValue().kept(keeps))));
        Table table = Table.of(
                verb,
                "Layers",
                Column.layer("layer", "layer"),
                Column.count("elements", "elements"),
                Column.count(verb, verb),
                Column.share("share_" + verb, "share " + verb));
        layers.forEach((name, layer) -> table.row(
                name, layer.elements(), keeps ? layer.kept() : layer.elements() - layer.kept(), layer.kept(keeps)));
        Figure figure = Figures.bars(
                new Caption(
                        "masked",
                        "Share of each layer that is " + verb,
                        "The share that is " + verb + ", the largest layers first",
                        layers.size() > bars.size()
                                ? "The " + bars.size() + " largest of " + layers.size() + "; the table has all."
                                : ""),
                true,
                List.of(method),
                bars);
        figure.data().addProperty("wide", true);
        return List.of(figure, table);
    }
}
