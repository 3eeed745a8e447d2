package io.squisher.examples.reproduce.report;

import io.squisher.examples.report.Markdown;
import io.squisher.examples.reproduce.setting.Answer;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Listed;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.RunResult;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.examples.statistics.Comparison;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The results as tables in Markdown, for the documentation. */
public final class ReproduceMarkdown {
    private final Markdown tables = new Markdown();

    private ReproduceMarkdown() {}

    /** All tables, the answer first. */
    public static String of(List<Summary> summaries) {
        ReproduceMarkdown made = new ReproduceMarkdown();
        made.answer(summaries);
        summaries.forEach(made::setting);
        made.choices(summaries);
        made.agreement(summaries);
        made.cost(summaries);
        return made.tables.text();
    }

    private void answer(List<Summary> summaries) {
        List<String> headings = new ArrayList<>(List.of("setting", "quantity"));
        headings.addAll(Answer.HEADINGS);
        tables.headings(headings);
        for (Summary summary : summaries) {
            List<Comparison<Part>> comparisons = summary.comparisons();
            for (Part part : summary.setting().parts()) {
                if (part.isCompared()) {
                    String baseline = summary.setting().panel().baseline();
                    List<String> cells =
                            new ArrayList<>(List.of(summary.setting().name(), part.name()));
                    cells.addAll(Answer.cells(comparisons, part, baseline, summary.mean(part, baseline)));
                    tables.row(cells);
                }
            }
        }
        tables.line("");
    }

    private void setting(Summary summary) {
        tables.line("### " + summary.setting().name()).line("");
        List<Comparison<Part>> comparisons = summary.comparisons();
        for (Part part : summary.setting().parts()) {
            tables.line("**" + part.name() + "**, " + part.metric()
                            + (part.axis().isEmpty() ? "" : ", by " + part.axis()))
                    .line("");
            part(summary, part, comparisons);
            tables.line("");
        }
    }

    private void part(Summary summary, Part part, List<Comparison<Part>> comparisons) {
        String baseline = summary.setting().panel().baseline();
        Set<Double> places = new TreeSet<>();
        summary.methods(part).forEach(method -> places.addAll(summary.axis(part, method)));
        boolean along = !part.axis().isEmpty();
        List<String> headings = new ArrayList<>(List.of("method"));
        if (along) {
            places.forEach(x -> headings.add(Markdown.place(x)));
        }
        headings.add(along ? "mean" : "result");
        if (part.isCompared()) {
            headings.addAll(List.of("over " + baseline, "p", "over Fisher"));
        }
        tables.headings(headings);
        for (String method : summary.methods(part)) {
            List<String> cells = new ArrayList<>(List.of(method));
            if (along) {
                Set<Double> own = summary.axis(part, method);
                places.forEach(x ->
                        cells.add(own.contains(x) ? summary.at(part, method, x).text(1) : ""));
            }
            cells.add(summary.mean(part, method).text(2));
            if (part.isCompared()) {
                Optional<Comparison<Part>> found = Comparison.find(comparisons, part, method, baseline);
                boolean hasFisher = !method.equals(baseline) && !method.equals(Methods.FISHER);
                cells.addAll(List.of(
                        Markdown.difference(found),
                        Markdown.probability(found),
                        hasFisher
                                ? Markdown.difference(summary.difference(part, method, Methods.FISHER)
                                        .difference())
                                : ""));
            }
            tables.row(cells);
        }
        if (along && part.isCompared()) {
            between(summary, part, places);
        }
    }

    /** Where on the axis the two differ. */
    private void between(Summary summary, Part part, Set<Double> places) {
        List<String> cells = new ArrayList<>(List.of("Squisher − Fisher"));
        Set<Double> shared = new TreeSet<>(summary.axis(part, Methods.SQUISHER));
        shared.retainAll(summary.axis(part, Methods.FISHER));
        for (double x : places) {
            cells.add(
                    shared.contains(x)
                            ? PairedTest.of(summary.at(part, Methods.SQUISHER, x), summary.at(part, Methods.FISHER, x))
                                    .difference()
                                    .text(1)
                            : "");
        }
        cells.add(summary.difference(part, Methods.SQUISHER, Methods.FISHER)
                .difference()
                .text(2));
        cells.addAll(List.of("", "", ""));
        tables.row(cells);
    }

    private void choices(List<Summary> summaries) {
        List<Summary> chosen = summaries.stream()
                .filter(summary -> !summary.results().choice().isEmpty())
                .toList();
        if (chosen.isEmpty()) {
            return;
        }
        tables.line("### Choices on validation images").line("");
        tables.headings(List.of("setting", "of", "method", "what was tried: its score", "the best lies at an edge"));
        for (Summary summary : chosen) {
            for (RunResult choice : summary.results().choice()) {
                choice(summary.setting(), choice.outcome().points());
            }
        }
        tables.line("");
    }

    private record Curve(String part, String method) {}

    private void choice(Setting setting, List<Point> points) {
        Map<Curve, TreeMap<Double, Double>> curves = new LinkedHashMap<>();
        points.forEach(
                point -> curves.computeIfAbsent(new Curve(point.part(), point.method()), missing -> new TreeMap<>())
                        .put(point.x(), point.value()));
        curves.forEach((curve, tried) -> {
            if (tried.size() > 1) {
                tables.row(choice(setting, curve, tried));
            }
        });
    }

    private static List<String> choice(Setting setting, Curve curve, TreeMap<Double, Double> tried) {
        double best = tried.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        boolean atEdge = best == tried.firstKey() || best == tried.lastKey();
        String words = tried.entrySet().stream()
                .map(entry -> entry.getKey() == best ? "**" + scored(setting, entry) + "**" : scored(setting, entry))
                .collect(Collectors.joining(" · "));
        String edge = atEdge ? "yes" : "no";
        return List.of(setting.name(), curve.part(), curve.method(), words, setting.choosesNumbers() ? edge : "");
    }

    private static String scored(Setting setting, Map.Entry<Double, Double> tried) {
        String what = setting.choosesNumbers() ? Listed.of(tried.getKey()) : setting.words(tried.getKey());
        return String.format(Locale.ROOT, "%s: %.2f", what, tried.getValue());
    }

    private void agreement(List<Summary> summaries) {
        tables.line("### Agreement of Squisher and Fisher over all parameters of a model")
                .line("");
        tables.headings(List.of(
                "setting",
                "accumulator",
                "rank correlation",
                "largest 10 % in common, %",
                "B · Squisher / Fisher, median"));
        for (Summary summary : summaries) {
            Set<String> models = new LinkedHashSet<>();
            summary.wholeModels().forEach(layer -> models.add(layer.layer()));
            for (String model : models) {
                List<LayerAgreement> all = summary.wholeModels().stream()
                        .filter(layer -> layer.layer().equals(model))
                        .toList();
                tables.row(List.of(
                        summary.setting().name(),
                        model.equals(LayerAgreement.ALL)
                                ? Methods.SQUISHER
                                : model.substring((LayerAgreement.ALL + LayerAgreement.OF).length()),
                        rounded(
                                "%.2f",
                                Sample.of(all, LayerAgreement::rankCorrelation).mean()),
                        rounded(
                                "%.0f",
                                100 * Sample.of(all, LayerAgreement::topOverlap).mean()),
                        Markdown.place(Sample.of(all, LayerAgreement::ratio).median())));
            }
        }
        tables.line("");
    }

    private void cost(List<Summary> summaries) {
        tables.line("### Cost of one model's diagonals, seconds").line("");
        tables.headings(List.of(
                "setting", "parameters", "examples", "Fisher", "exact Fisher", "loading the Squisher", "a whole run"));
        for (Summary summary : summaries) {
            List<DiagonalCost> costs = summary.costs();
            tables.row(List.of(
                    summary.setting().name(),
                    String.format(Locale.ROOT, "%,d", costs.get(0).parameters()),
                    rounded("%,.0f", Sample.of(costs, DiagonalCost::examples).median()),
                    seconds(Sample.of(costs, DiagonalCost::fisher)),
                    seconds(Sample.of(costs, DiagonalCost::exact)),
                    seconds(Sample.of(costs, DiagonalCost::squisher)),
                    seconds(summary.seconds())));
        }
    }

    private static String seconds(Sample sample) {
        double median = sample.median();
        return Double.isNaN(median) ? "" : rounded(median < 1 ? "%.4f" : "%.2f", median);
    }

    private static String rounded(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }
}
