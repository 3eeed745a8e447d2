package io.squisher.examples.reproduce.report;

import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import io.squisher.report.Column;
import io.squisher.report.Table;
import java.util.List;
import java.util.Optional;

/** The results as tables of a page, in full. */
final class PageTables {
    private PageTables() {}

    /** Every method of every part of every setting. */
    static Table results(List<Summary> summaries) {
        Table table = Table.of(
                "results",
                "All results",
                Column.text("setting", "setting"),
                Column.text("part", "part"),
                Column.text("method", "method"),
                Column.number("mean", "mean"),
                Column.number("standard_error", "standard error"),
                Column.number("over_baseline", "over baseline"),
                Column.number("over_baseline_standard_error", "its standard error"),
                Column.number("p", "p"));
        for (Summary summary : summaries) {
            String baseline = summary.setting().panel().baseline();
            for (Part part : summary.setting().parts()) {
                for (String method : summary.methods(part)) {
                    Sample mean = summary.mean(part, method);
                    PairedTest test = summary.difference(part, method, baseline);
                    boolean compared = !method.equals(baseline);
                    table.row(
                            summary.setting().name(),
                            part.name(),
                            method,
                            mean.mean(),
                            mean.standardError(),
                            compared ? test.difference().mean() : null,
                            compared ? test.difference().standardError() : null,
                            compared ? test.p() : null);
                }
            }
        }
        return table;
    }

    /** Agreement of the two diagonals, over all models of all seeds; empty where it was not measured. */
    static Optional<Table> agreement(Summary summary) {
        if (summary.layers().isEmpty()) {
            return Optional.empty();
        }
        Table table = Table.of(
                "agreement_" + summary.setting().name().replace('-', '_'),
                "Agreement of Squisher and Fisher",
                Column.text("tensor", "tensor"),
                Column.number("rank_correlation", "rank correlation"),
                Column.share("top_overlap", "top 10 % in common"),
                Column.number("ratio", "Squisher / Fisher, median"));
        for (String name : summary.layers()) {
            List<LayerAgreement> all = summary.allLayers().stream()
                    .filter(layer -> layer.layer().equals(name))
                    .toList();
            table.row(
                    name,
                    Sample.of(all, LayerAgreement::rankCorrelation).mean(),
                    Sample.of(all, LayerAgreement::topOverlap).mean(),
                    Sample.of(all, LayerAgreement::ratio).median());
        }
        return Optional.of(table);
    }

    /** What the diagonals of a model cost in each setting. */
    static Table cost(List<Summary> summaries) {
        Table table = Table.of(
                "cost",
                "Cost",
                Column.text("setting", "setting"),
                Column.count("parameters", "parameters"),
                Column.count("examples", "examples"),
                Column.number("fisher_seconds", "Fisher, s"),
                Column.number("exact_seconds", "exact, s"),
                Column.number("squisher_seconds", "Squisher, s"),
                Column.number("run_seconds", "a run, s"));
        for (Summary summary : summaries) {
            List<DiagonalCost> costs = summary.costs();
            table.row(
                    summary.setting().name(),
                    costs.get(0).parameters(),
                    Sample.of(costs, DiagonalCost::examples).median(),
                    Sample.of(costs, DiagonalCost::fisher).median(),
                    Sample.of(costs, DiagonalCost::exact).median(),
                    Sample.of(costs, DiagonalCost::squisher).median(),
                    summary.seconds().median());
        }
        return table;
    }
}
