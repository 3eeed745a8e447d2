package io.squisher.report.sensitivity;

import io.squisher.report.Block;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Section;
import io.squisher.report.Text;
import io.squisher.report.network.NetworkFigure;
import io.squisher.report.network.NetworkNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The sections on where the sensitivity sits. The first diagonal is looked at closely, the others stand beside it.
 *
 * @param diagonals of one architecture, at least one
 * @param roles what each parameter is for, in a few words; those that are missing are named by their shape
 * @param graph the model's nodes in topological order; empty where it is not known
 */
public record SensitivitySections(List<ShownDiagonal> diagonals, Map<String, String> roles, List<NetworkNode> graph) {
    private static final double PERCENT = 100;

    public SensitivitySections {
        diagonals = List.copyOf(diagonals);
        roles = Map.copyOf(roles);
        graph = List.copyOf(graph);
    }

    private NetworkSensitivity first() {
        return diagonals.get(0).sensitivity();
    }

    /** What stands out, in a sentence or two. */
    public String lead() {
        NetworkSensitivity first = first();
        double sum = first.sum();
        if (sum == 0) {
            return "All sensitivities are 0.";
        }
        List<LayerSensitivity> sorted = sorted();
        double gathered = 0;
        int half = 0;
        while (gathered < sum / 2) {
            gathered += sorted.get(half++).sum();
        }
        LayerSensitivity top = sorted.get(0);
        double elements = (double) top.shape().size() / first.elements();
        String tensors = half == 1 ? "one tensor" : half + " tensors";
        return "'" + top.name() + "' holds " + percent(top.sum() / sum) + " of the sensitivity with "
                + percent(elements) + " of the parameters. Half of it sits in " + tensors + " of " + sorted.size()
                + ".";
    }

    private List<LayerSensitivity> sorted() {
        return first().layers().stream()
                .sorted(Comparator.comparingDouble(layer -> -layer.sum()))
                .toList();
    }

    /** A few numbers in large type. */
    public Map<String, String> headline() {
        NetworkSensitivity first = first();
        LogHistogram entries = first.entries();
        Map<String, String> headline = new LinkedHashMap<>();
        headline.put(
                "parameters",
                String.format(Locale.ROOT, "%,d", first.elements()).replace(',', '\u202f'));
        headline.put("tensors", Integer.toString(first.layers().size()));
        headline.put("mean sensitivity", scientific(entries.sum() / Math.max(1, entries.count())));
        headline.put(
                "in the top 1 % of parameters", percent(1 - entries.sumBelow(entries.threshold(0.99)) / entries.sum()));
        headline.put("zeros", percent((double) entries.zeros() / Math.max(1, entries.count())));
        return headline;
    }

    /** A share in percent, three digits. */
    public static String percent(double share) {
        if (!Double.isFinite(share)) {
            return "–";
        }
        return share > 0 && share < 1e-4
                ? "< 0.01 %"
                : new java.math.BigDecimal(PERCENT * share)
                                .round(new java.math.MathContext(3))
                                .stripTrailingZeros()
                                .toPlainString()
                        + " %";
    }

    private static String scientific(double value) {
        if (value == 0) {
            return "0";
        }
        String text = String.format(Locale.ROOT, "%.2e", value);
        int e = text.indexOf('e');
        StringBuilder power = new StringBuilder(text.substring(0, e) + " × 10");
        for (char digit :
                Integer.toString(Integer.parseInt(text.substring(e + 1))).toCharArray()) {
            power.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
        }
        return power.toString();
    }

    /**
     * The sections: where it sits, the layers, the graph, what would be touched, what a mask keeps. What two diagonals agree on is
     * {@link #pairs}.
     */
    public List<Section> sections() {
        SensitivityFigures figures = new SensitivityFigures(diagonals, roles);
        SensitivityTables tables = new SensitivityTables(diagonals, roles);
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                "where",
                "Where the sensitivity sits",
                figures.layers(),
                figures.byRole(),
                figures.spread(),
                tables.layers()));
        List<Block> close = new ArrayList<>();
        figures.maps().ifPresent(close::add);
        tables.units().ifPresent(close::add);
        if (!close.isEmpty()) {
            sections.add(new Section("layers", "Layer by layer", close));
        }
        if (!graph.isEmpty()) {
            sections.add(new Section("graph", "The graph", NetworkFigure.of(caption(), graph, shares())));
        }
        if (first().sum() > 0) {
            String other = diagonals.size() > 1 ? diagonals.get(1).name() : "the other";
            sections.add(new Section(
                    "touched",
                    "What a ratio would touch",
                    new TouchedFigure(first()).figure(diagonals.get(0).name(), other),
                    new Text.Details(
                            "How this is computed",
                            List.of(
                                    "Thresholds are read off histograms with sixteen bins an octave, so that the share of"
                                            + " a layer is exact up to the parameters of one bin: the commands themselves cut to the"
                                            + " parameter."))));
        }
        tables.mask().ifPresent(table -> sections.add(new Section("mask", "The mask", table)));
        return sections;
    }

    /** The pictures of the first section: shares by layer and role, and how the sensitivities are spread. */
    public List<Block> overview() {
        SensitivityFigures figures = new SensitivityFigures(diagonals, roles);
        return List.of(figures.layers(), figures.byRole(), figures.spread());
    }

    private static Caption caption() {
        return new Caption(
                "network",
                "Nodes by their share of the sensitivity",
                "The graph of the model from top to bottom; nodes with parameters have a stronger colour the larger their share",
                "Stronger is more, on a square-root scale. Nodes with parameters lead to their layer. + and − zoom, 0 shows the"
                        + " whole width.");
    }

    private Map<String, Double> shares() {
        Map<String, Double> shares = new LinkedHashMap<>();
        first().layers().forEach(layer -> shares.put(layer.name(), SensitivityFigures.share(first(), layer)));
        return shares;
    }

    /**
     * The scatter of the first diagonal against the one that it was read beside.
     *
     * @param x what the first is called on its axis
     */
    public Optional<Block> pairs(String x, String y) {
        return new SensitivityFigures(diagonals, roles).pairs(x, y).map(figure -> figure);
    }
}
