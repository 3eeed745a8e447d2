package io.squisher.report.sensitivity;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.PageJson;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** What a mask, pruning, or a weight in a merge would touch, layer by layer, for every ratio in steps. */
final class TouchedFigure {
    private static final int STEPS = 100;
    private static final int FEW_STEPS = 25;

    /** With more layers the steps are coarser, so that the page stays small. */
    private static final int MANY_LAYERS = 600;

    private static final double THOUSAND = 1000;

    private final NetworkSensitivity sensitivity;
    private final int steps;

    TouchedFigure(NetworkSensitivity sensitivity) {
        this.sensitivity = sensitivity;
        this.steps = sensitivity.layers().size() > MANY_LAYERS ? FEW_STEPS : STEPS;
    }

    Figure figure(String method, String other) {
        JsonObject data = Figures.data(new Caption("", "", ""));
        data.addProperty("method", method);
        JsonArray modes = new JsonArray();
        modes.add(mask());
        pruning().ifPresent(modes::add);
        merging(method, other).ifPresent(modes::add);
        data.add("modes", modes);
        return new Figure(
                "touched",
                "touched",
                "What a ratio would touch, in the largest layers",
                "Bars: the share of each layer that the chosen ratio touches",
                data);
    }

    private JsonObject mask() {
        LogHistogram all = sensitivity.entries();
        JsonObject mode = mode(
                "mask",
                "Keep the largest F (mask)",
                "The share of each layer that is among the parameters with the largest sensitivity.",
                "A mask of {ratio} of the parameters holds {total} of the sensitivity.",
                "kept");
        values(mode, sensitivity.layers(), (layer, ratio) -> {
            LogHistogram entries = layer.entries();
            return 1 - entries.countBelow(all.threshold(1 - ratio)) / Math.max(1, entries.count());
        });
        total(mode, ratio -> 1 - all.sumBelow(all.threshold(1 - ratio)) / all.sum());
        return mode;
    }

    private Optional<JsonObject> pruning() {
        LogHistogram all = sensitivity.lossRise();
        List<LayerSensitivity> known = sensitivity.layers().stream()
                .filter(layer -> layer.lossRise().isPresent())
                .toList();
        if (known.isEmpty() || all.sum() <= 0) {
            return Optional.empty();
        }
        JsonObject mode = mode(
                "prune",
                "Prune the smallest ½Fθ²",
                "The share of each layer that pruning sets to 0, all layers counted together.",
                "Pruning {ratio} of the parameters takes {total} of the summed ½Fθ².",
                "pruned");
        values(mode, known, (layer, ratio) -> {
            LogHistogram rises = layer.lossRise().orElseThrow();
            return rises.countBelow(all.threshold(ratio)) / Math.max(1, rises.count());
        });
        total(mode, ratio -> all.sumBelow(all.threshold(ratio)) / all.sum());
        return Optional.of(mode);
    }

    private Optional<JsonObject> merging(String method, String other) {
        List<LayerSensitivity> known = sensitivity.layers().stream()
                .filter(layer -> layer.ratio().isPresent())
                .toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        JsonObject mode = mode(
                "merge",
                "Merge with the other by Fisher weights",
                "How much the first model counts in each layer of a Fisher merge, if it has this weight and the other model the rest.",
                "With weight {ratio}, the model of " + method + " counts {total} against that of " + other
                        + ", averaged over all parameters.",
                "counts");
        values(mode, known, (layer, ratio) -> layer.ratio().orElseThrow().coefficient(ratio));
        double elements =
                known.stream().mapToDouble(layer -> layer.shape().size()).sum();
        total(
                mode,
                ratio -> known.stream()
                                .mapToDouble(layer -> layer.shape().size()
                                        * layer.ratio().orElseThrow().coefficient(ratio))
                                .sum()
                        / elements);
        mode.addProperty("start", steps / 2);
        return Optional.of(mode);
    }

    private JsonObject mode(String key, String title, String words, String sentence, String touched) {
        JsonObject mode = new JsonObject();
        mode.addProperty("key", key);
        mode.addProperty("title", title);
        mode.addProperty("words", words);
        mode.addProperty("sentence", sentence);
        mode.addProperty("touched", touched);
        mode.addProperty("start", steps / 2);
        mode.add("ratios", PageJson.numbers(ratios()));
        return mode;
    }

    private double[] ratios() {
        return IntStream.rangeClosed(0, steps)
                .mapToDouble(i -> (double) i / steps)
                .toArray();
    }

    private void values(
            JsonObject mode, List<LayerSensitivity> layers, ToDoubleBiFunction<LayerSensitivity, Double> value) {
        mode.add(
                "layers",
                PageJson.texts(layers.stream().map(LayerSensitivity::name).toList()));
        JsonArray sizes = new JsonArray();
        JsonArray values = new JsonArray();
        for (LayerSensitivity layer : layers) {
            sizes.add(layer.shape().size());
            JsonArray row = new JsonArray();
            for (double ratio : ratios()) {
                row.add(Math.round(THOUSAND * Math.max(0, Math.min(1, value.applyAsDouble(layer, ratio)))));
            }
            values.add(row);
        }
        mode.add("sizes", sizes);
        mode.add("values", values);
    }

    private void total(JsonObject mode, java.util.function.DoubleUnaryOperator total) {
        JsonArray totals = new JsonArray();
        for (double ratio : ratios()) {
            totals.add(PageJson.number(Math.max(0, Math.min(1, total.applyAsDouble(ratio)))));
        }
        mode.add("total", totals);
    }
}
