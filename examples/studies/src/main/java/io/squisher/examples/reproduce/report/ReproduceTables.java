package io.squisher.examples.reproduce.report;

import io.squisher.examples.report.Table;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The results as tables, for the terminal and the report alike. */
public final class ReproduceTables {
    private static final int DECIMALS = 2;

    private ReproduceTables() {}

    /** A part's numbers, method by method, and paired tests of their means over the axis. */
    public static Table results(Summary summary, Part part) {
        Table table = new Table("method", part.axis().isEmpty() ? "result" : part.axis(), "mean", "over baseline", "p");
        String baseline = summary.setting().panel().baseline();
        for (String method : summary.methods(part)) {
            PairedTest test = summary.difference(part, method, baseline);
            boolean compared = !method.equals(baseline);
            table.row(
                    method,
                    values(summary, part, method),
                    summary.mean(part, method).text(DECIMALS),
                    compared ? test.difference().text(DECIMALS) : "",
                    compared ? probability(test.p()) : "");
        }
        PairedTest pair = summary.difference(part, Methods.SQUISHER, Methods.FISHER);
        table.row("Squisher - Fisher", "", pair.difference().text(DECIMALS), "", probability(pair.p()));
        return table;
    }

    private static String values(Summary summary, Part part, String method) {
        StringBuilder text = new StringBuilder();
        for (double x : summary.axis(part, method)) {
            text.append(text.isEmpty() ? "" : " · ");
            text.append(part.axis().isEmpty() ? "" : String.format(Locale.ROOT, "%.3g: ", x));
            text.append(summary.at(part, method, x).text(DECIMALS));
        }
        return text.toString();
    }

    private static String probability(double p) {
        return Double.isNaN(p) ? "" : p < 1e-3 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** Agreement of the two diagonals, over all models of all seeds. */
    static Table agreement(Summary summary) {
        Table table = new Table("tensor", "rank correlation", "top 10 % in common, %", "Squisher / Fisher, median");
        for (String name : summary.layers()) {
            List<LayerAgreement> all = summary.allLayers().stream()
                    .filter(layer -> layer.layer().equals(name))
                    .toList();
            table.row(
                    name,
                    sample(all, LayerAgreement::rankCorrelation).text(DECIMALS),
                    sample(all, layer -> 100 * layer.topOverlap()).text(0),
                    String.format(
                            Locale.ROOT,
                            "%.2g",
                            sample(all, LayerAgreement::ratio).median()));
        }
        return table;
    }

    private static <T> Sample sample(List<T> all, ToDoubleFunction<T> number) {
        return Sample.of(all.stream().map(number::applyAsDouble).toList());
    }

    /** What the diagonals of a model cost in each setting. */
    static Table cost(List<Summary> summaries) {
        Table table =
                new Table("setting", "parameters", "examples", "Fisher, ms", "exact, ms", "Squisher, ms", "a run, s");
        for (Summary summary : summaries) {
            List<DiagonalCost> costs = summary.costs();
            table.row(
                    summary.setting().name(),
                    Long.toString(costs.get(0).parameters()),
                    Long.toString(
                            Math.round(sample(costs, DiagonalCost::examples).median())),
                    milliseconds(sample(costs, DiagonalCost::fisher)),
                    milliseconds(sample(costs, DiagonalCost::exact)),
                    milliseconds(sample(costs, DiagonalCost::squisher)),
                    String.format(Locale.ROOT, "%.1f", summary.seconds().median()));
        }
        return table;
    }

    private static String milliseconds(Sample seconds) {
        return Double.isNaN(seconds.median()) ? "" : String.format(Locale.ROOT, "%.1f", 1e3 * seconds.median());
    }
}
