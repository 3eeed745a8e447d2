package io.squisher.report.sensitivity;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonNull;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.PageJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The pictures of one or several diagonals of one architecture; the first is the one that is looked at closely. */
final class SensitivityFigures {
    private static final int MOST_BARS = 24;
    private static final int FEW_BARS = 10;

    /** More layers than these are found by the table, not by a list. */
    private static final int MOST_SPREADS = 400;

    /** Bins of a decade in the pictures. */
    private static final int BINS = 4;

    private static final int SIDE = 72;

    private final List<ShownDiagonal> diagonals;
    private final Map<String, String> roles;

    SensitivityFigures(List<ShownDiagonal> diagonals, Map<String, String> roles) {
        this.diagonals = diagonals;
        this.roles = roles;
    }

    private List<String> names() {
        return diagonals.stream().map(ShownDiagonal::name).toList();
    }

    /** The share of a layer in each diagonal. */
    static double share(NetworkSensitivity sensitivity, LayerSensitivity layer) {
        double sum = sensitivity.sum();
        return sum > 0 ? layer.sum() / sum : 0;
    }

    Figure layers() {
        Map<String, List<Double>> shares = new LinkedHashMap<>();
        for (ShownDiagonal diagonal : diagonals) {
            for (LayerSensitivity layer : diagonal.sensitivity().layers()) {
                shares.computeIfAbsent(layer.name(), name -> new ArrayList<>())
                        .add(share(diagonal.sensitivity(), layer));
            }
        }
        Map<String, List<Double>> largest = new LinkedHashMap<>();
        shares.entrySet().stream()
                .filter(entry -> entry.getValue().size() == diagonals.size())
                .sorted(Comparator.comparingDouble(entry -> -entry.getValue().get(0)))
                .limit(MOST_BARS)
                .forEach(entry -> largest.put(entry.getKey(), entry.getValue()));
        String rest = shares.size() > largest.size()
                ? "The " + largest.size() + " largest of " + shares.size() + "; the table has all."
                : "";
        Figure bars = Figures.bars(
                new Caption("layers", "Share of the sensitivity by layer", "Shares of the layers, largest first", rest),
                true,
                names(),
                largest);
        bars.data().addProperty("tall", isTall());
        return bars;
    }

    /** Whether the layers' picture is as high as the two others together, which then stand beside it. */
    private boolean isTall() {
        return diagonals.get(0).sensitivity().layers().size() > FEW_BARS;
    }

    Figure byRole() {
        Map<String, List<Double>> shares = new LinkedHashMap<>();
        for (int i = 0; i < diagonals.size(); i++) {
            NetworkSensitivity sensitivity = diagonals.get(i).sensitivity();
            for (LayerSensitivity layer : sensitivity.layers()) {
                List<Double> row = shares.computeIfAbsent(
                        roles.getOrDefault(layer.name(), layer.form()),
                        role -> new ArrayList<>(java.util.Collections.nCopies(diagonals.size(), 0.0)));
                row.set(i, row.get(i) + share(sensitivity, layer));
            }
        }
        Map<String, List<Double>> sorted = new LinkedHashMap<>();
        shares.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> -entry.getValue().get(0)))
                .limit(MOST_BARS)
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return Figures.bars(
                new Caption("roles", "Share by role", "Shares of the roles of parameters, largest first"),
                true,
                names(),
                sorted);
    }

    Figure spread() {
        JsonObject data = Figures.data(new Caption("", "", ""));
        data.addProperty("x", "sensitivity of a parameter");
        data.addProperty("wide", !isTall());
        data.addProperty("step", 1.0 / BINS);
        JsonArray sets = new JsonArray();
        sets.add(
                set("all layers", diagonal -> Optional.of(diagonal.sensitivity().entries())));
        diagonals.get(0).sensitivity().layers().stream()
                .limit(MOST_SPREADS)
                .forEach(layer -> sets.add(set(layer.name(), diagonal -> find(diagonal, layer.name()))));
        data.add("sets", sets);
        return new Figure(
                "spread",
                "spread",
                "How the sensitivities are spread",
                "Histogram of the sensitivities on a logarithmic axis",
                data);
    }

    private static Optional<LogHistogram> find(ShownDiagonal diagonal, String name) {
        return diagonal.sensitivity().layers().stream()
                .filter(layer -> layer.name().equals(name))
                .map(LayerSensitivity::entries)
                .findFirst();
    }

    private JsonObject set(String name, Function<ShownDiagonal, Optional<LogHistogram>> histogram) {
        JsonObject set = new JsonObject();
        set.addProperty("name", name);
        JsonArray series = new JsonArray();
        diagonals.forEach(
                diagonal -> histogram.apply(diagonal).ifPresent(found -> series.add(series(diagonal.name(), found))));
        set.add("series", series);
        return set;
    }

    private static JsonObject series(String name, LogHistogram histogram) {
        Map<Integer, Long> bins = new java.util.TreeMap<>();
        histogram.forEach(
                (middle, count, sum) -> bins.merge((int) Math.floor(Math.log10(middle) * BINS), count, Long::sum));
        JsonObject series = new JsonObject();
        series.addProperty("name", name);
        series.addProperty("total", histogram.count());
        series.addProperty("zeros", histogram.zeros());
        JsonArray counts = new JsonArray();
        if (!bins.isEmpty()) {
            int first = bins.keySet().iterator().next();
            int last = ((java.util.TreeMap<Integer, Long>) bins).lastKey();
            series.addProperty("start", (double) first / BINS);
            for (int bin = first; bin <= last; bin++) {
                counts.add(bins.getOrDefault(bin, 0L));
            }
        }
        series.add("counts", counts);
        return series;
    }

    /** The layers one by one; empty where none is a matrix. */
    Optional<Figure> maps() {
        NetworkSensitivity first = diagonals.get(0).sensitivity();
        JsonArray layers = new JsonArray();
        Map<String, UnitRanking> units = new LinkedHashMap<>();
        first.units().forEach(ranking -> units.putIfAbsent(ranking.layer(), ranking));
        for (LayerSensitivity layer : first.layers()) {
            layer.map().ifPresent(map -> layers.add(map(first, layer, map, units.get(layer.name()))));
        }
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        JsonObject data = Figures.data(new Caption("", "", ""));
        data.addProperty(
                "note", "Means over cells; colours by the logarithm, from the layer's lowest mean to its highest.");
        data.addProperty("method", diagonals.get(0).name());
        data.add("layers", layers);
        return Optional.of(new Figure(
                "maps",
                "map",
                "Rows and columns of the layer",
                "Heat map of the chosen layer: rows from top to bottom, columns from left to right",
                data));
    }

    private static JsonObject map(NetworkSensitivity all, LayerSensitivity layer, HeatMap map, UnitRanking units) {
        JsonObject json = new JsonObject();
        json.addProperty("name", layer.name());
        json.addProperty("shape", layer.shape().toString());
        json.addProperty("rank", layer.shape().rank());
        json.addProperty("rows", map.rows());
        json.addProperty("columns", map.columns());
        json.addProperty("rowCells", map.cellRows());
        json.addProperty("columnCells", map.cellColumns());
        json.add("low", PageJson.number(map.low()));
        json.add("high", PageJson.number(map.high()));
        json.addProperty("cells", map.cells());
        json.add("share", PageJson.number(share(all, layer)));
        json.add("units", units == null ? JsonNull.INSTANCE : units(units));
        return json;
    }

    private static JsonObject units(UnitRanking units) {
        JsonObject json = new JsonObject();
        json.addProperty("kind", units.kind());
        json.addProperty("count", units.count());
        json.add("largest", units(units.largest(), units.sum()));
        json.add("least", units(units.least(), units.sum()));
        return json;
    }

    private static JsonArray units(List<UnitRanking.Unit> units, double sum) {
        JsonArray rows = new JsonArray();
        units.forEach(unit -> rows.add(PageJson.numbers(unit.index(), sum > 0 ? unit.sum() / sum : 0)));
        return rows;
    }

    /** Both diagonals' entries as pairs; empty where one was read alone. */
    Optional<Figure> pairs(String x, String y) {
        return diagonals
                .get(0)
                .sensitivity()
                .pairs()
                .filter(pairs -> !pairs.cells(SIDE).isEmpty())
                .map(pairs -> {
                    List<JointHistogram.Cell> cells = pairs.cells(SIDE);
                    JsonObject data = Figures.data(new Caption("", "", ""));
                    data.addProperty(
                            "note",
                            pairs.outside() == 0
                                    ? ""
                                    : pairs.outside() + " pairs in which a number is 0 are not shown.");
                    data.addProperty("x", x);
                    data.addProperty("y", y);
                    data.add("step", PageJson.number(pairs.step(SIDE)));
                    JsonArray all = new JsonArray();
                    cells.forEach(cell -> all.add(PageJson.numbers(cell.x(), cell.y(), cell.count())));
                    data.add("cells", all);
                    return new Figure(
                            "pairs",
                            "pairs",
                            "Parameter by parameter",
                            "Scatter of both diagonals on logarithmic axes, darker where more parameters are",
                            data);
                });
    }
}
