package io.squisher.examples.reproduce.report;

import io.squisher.examples.report.Estimates;
import io.squisher.examples.report.Table;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.statistics.PairedTest;
import java.util.Locale;

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
                    compared ? Estimates.probability(test.p()) : "");
        }
        PairedTest pair = summary.difference(part, Methods.SQUISHER, Methods.FISHER);
        table.row("Squisher - Fisher", "", pair.difference().text(DECIMALS), "", Estimates.probability(pair.p()));
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
}
