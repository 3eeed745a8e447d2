package io.squisher.apps.cli.page;

import io.squisher.apps.compare.Agreement;
import io.squisher.apps.compare.Comparison;
import io.squisher.report.Block;
import io.squisher.report.Column;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Table;
import io.squisher.report.sensitivity.SensitivitySections;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well two diagonals agree, for a page.
 *
 * @param first the reference
 * @param top the share of coordinates whose overlap is measured
 */
public record AgreementBlocks(String first, String second, Comparison comparison, double top) {
    private static final int MOST_BARS = 24;
    private static final double PERCENT = 100;

    /** In a sentence. */
    public String sentence() {
        Agreement all = comparison.overall();
        return String.format(
                Locale.ROOT,
                "%s and %s: rank correlation %.3f, %.0f %% of the top %s in common, cosine %.3f.",
                first,
                second,
                all.spearman(),
                PERCENT * all.topOverlap(),
                SensitivitySections.percent(top),
                all.cosine());
    }

    /**
     * A picture and a table.
     *
     * @param id ends their names, where a page has several
     */
    public List<Block> blocks(String id) {
        List<Block> blocks = new ArrayList<>();
        Map<String, List<Double>> bars = new LinkedHashMap<>();
        comparison.tensors().entrySet().stream()
                .filter(entry -> Double.isFinite(entry.getValue().spearman()))
                .sorted((a, b) ->
                        Long.compare(b.getValue().elements(), a.getValue().elements()))
                .limit(MOST_BARS)
                .forEach(entry -> bars.put(
                        entry.getKey(),
                        List.of(
                                Math.max(0, entry.getValue().spearman()),
                                entry.getValue().topOverlap())));
        if (!bars.isEmpty()) {
            Figure figure = Figures.bars(
                    new Caption(
                            "agreement" + id,
                            "Agreement of " + first + " and " + second + " by layer",
                            "Rank correlation and overlap of the largest for each layer",
                            "The largest layers; a rank correlation below 0 is drawn at 0. The table has all."),
                    false,
                    List.of("rank correlation", "top " + SensitivitySections.percent(top) + " in common"),
                    bars);
            figure.data().addProperty("most", 1);
            blocks.add(figure);
        }
        blocks.add(table(id));
        return blocks;
    }

    private Table table(String id) {
        Table table = Table.of(
                "agreement" + id.replace('-', '_'),
                "Agreement of " + first + " and " + second,
                Column.layer("layer", "layer"),
                Column.count("elements", "elements"),
                Column.number("rank_correlation", "rank correlation"),
                Column.share("top_overlap", "top " + SensitivitySections.percent(top) + " in common"),
                Column.number("ratio", second + " / " + first),
                Column.number("cosine", "cosine"));
        row(table, "(all)", comparison.overall());
        comparison.tensors().forEach((name, agreement) -> row(table, name, agreement));
        return table;
    }

    private static void row(Table table, String name, Agreement agreement) {
        table.row(
                name,
                agreement.elements(),
                agreement.spearman(),
                agreement.topOverlap(),
                agreement.scaleRatio(),
                agreement.cosine());
    }
}
