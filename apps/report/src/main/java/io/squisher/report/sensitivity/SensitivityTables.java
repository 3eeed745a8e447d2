package io.squisher.report.sensitivity;

import static io.squisher.report.sensitivity.SensitivityFigures.share;

import io.squisher.report.Column;
import io.squisher.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of one or several diagonals of one architecture. */
final class SensitivityTables {
    private static final int MOST_UNITS = 500;
    private static final double HIGH = 0.99;

    private final List<ShownDiagonal> diagonals;
    private final Map<String, String> roles;

    SensitivityTables(List<ShownDiagonal> diagonals, Map<String, String> roles) {
        this.diagonals = diagonals;
        this.roles = roles;
    }

    /** All layers of the first diagonal, with the shares in the others. */
    Table layers() {
        List<Column> columns = new ArrayList<>(List.of(
                Column.layer("layer", "layer"),
                Column.text("role", "role"),
                Column.text("shape", "shape"),
                Column.count("elements", "elements"),
                Column.share(
                        "share",
                        diagonals.size() > 1 ? "share, " + diagonals.get(0).name() : "share")));
        for (int i = 1; i < diagonals.size(); i++) {
            columns.add(Column.share(
                    "share_" + (i + 1), "share, " + diagonals.get(i).name()));
        }
        columns.addAll(List.of(
                Column.number("mean", "mean"),
                Column.number("median", "median"),
                Column.number("quantile_99", "99 % below"),
                Column.number("largest", "largest"),
                Column.share("zeros", "zeros")));
        Table table = Table.of("layers", "Layers", columns.toArray(Column[]::new));
        NetworkSensitivity first = diagonals.get(0).sensitivity();
        for (LayerSensitivity layer : first.layers()) {
            LogHistogram entries = layer.entries();
            List<Object> cells = new ArrayList<>(List.of(
                    layer.name(),
                    roles.getOrDefault(layer.name(), layer.form()),
                    layer.shape().toString(),
                    layer.shape().size(),
                    share(first, layer)));
            for (int i = 1; i < diagonals.size(); i++) {
                cells.add(shareIn(diagonals.get(i).sensitivity(), layer.name()));
            }
            double count = Math.max(1, entries.count());
            cells.addAll(List.of(
                    entries.sum() / count,
                    entries.quantile(1.0 / 2),
                    entries.quantile(HIGH),
                    entries.largest(),
                    entries.zeros() / count));
            table.row(cells.toArray());
        }
        return table;
    }

    private static Object shareIn(NetworkSensitivity sensitivity, String name) {
        return sensitivity.layers().stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .<Object>map(layer -> share(sensitivity, layer))
                .orElse(null);
    }

    /** The most sensitive units of all layers. */
    Optional<Table> units() {
        NetworkSensitivity first = diagonals.get(0).sensitivity();
        double all = first.sum();
        record Row(UnitRanking ranking, UnitRanking.Unit unit) {}
        List<Row> rows = first.units().stream()
                .flatMap(ranking -> ranking.largest().stream().map(unit -> new Row(ranking, unit)))
                .sorted(Comparator.comparingDouble((Row row) -> -row.unit().sum()))
                .limit(MOST_UNITS)
                .toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Table table = Table.of(
                "units",
                "The most sensitive filters, neurons, heads and rows, at most " + UnitRanking.MOST + " of a layer",
                Column.layer("layer", "layer"),
                Column.text("kind", "kind"),
                Column.count("unit", "number"),
                Column.share("share_of_all", "share of all"),
                Column.share("share_of_layer", "share of the layer"),
                Column.number("times_the_mean", "times the layer's mean"));
        for (Row row : rows) {
            UnitRanking ranking = row.ranking();
            double sum = row.unit().sum();
            table.row(
                    ranking.layer(),
                    ranking.kind(),
                    row.unit().index(),
                    all > 0 ? sum / all : null,
                    ranking.sum() > 0 ? sum / ranking.sum() : null,
                    ranking.sum() > 0 ? sum / ranking.sum() * ranking.count() : null);
        }
        return Optional.of(table);
    }

    /** What a mask keeps; empty where there is none. */
    Optional<Table> mask() {
        NetworkSensitivity first = diagonals.get(0).sensitivity();
        List<LayerSensitivity> masked = first.layers().stream()
                .filter(layer -> layer.kept().isPresent())
                .toList();
        if (masked.isEmpty()) {
            return Optional.empty();
        }
        Table table = Table.of(
                "mask",
                "What the mask keeps",
                Column.layer("layer", "layer"),
                Column.count("elements", "elements"),
                Column.count("kept", "kept"),
                Column.share("share_kept", "share kept"),
                Column.share("sensitivity_kept", "of the layer's sensitivity"));
        for (LayerSensitivity layer : masked) {
            LayerSensitivity.Kept kept = layer.kept().orElseThrow();
            table.row(
                    layer.name(),
                    layer.shape().size(),
                    kept.elements(),
                    (double) kept.elements() / Math.max(1, layer.shape().size()),
                    layer.sum() > 0 ? kept.sum() / layer.sum() : null);
        }
        return Optional.of(table);
    }
}
