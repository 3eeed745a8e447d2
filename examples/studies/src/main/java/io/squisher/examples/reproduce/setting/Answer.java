package io.squisher.examples.reproduce.setting;

import io.squisher.examples.report.Markdown;
import io.squisher.examples.statistics.Comparison;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What is compared in a part of a setting, and how the answer stands in a table; on images and on texts alike. */
public final class Answer {
    /** What {@link #cells} are under, after the setting and the quantity. */
    public static final List<String> HEADINGS =
            List.of("baseline", "Fisher − baseline", "p", "Squisher − baseline", "p", "Squisher − Fisher", "p", "n");

    private Answer() {}

    /** Each method with the baseline, and the Squisher with the Fisher; none where the baseline was not measured. */
    public static <P> List<Comparison<P>> comparisons(
            P part, Set<String> methods, String baseline, BiFunction<String, String, PairedTest> difference) {
        List<Comparison<P>> all = new ArrayList<>();
        if (!methods.contains(baseline)) {
            return all;
        }
        for (String method : methods) {
            if (!method.equals(baseline)) {
                all.add(new Comparison<>(part, method, baseline, difference.apply(method, baseline)));
            }
        }
        if (methods.contains(Methods.FISHER) && methods.contains(Methods.SQUISHER)) {
            all.add(new Comparison<>(
                    part, Methods.SQUISHER, Methods.FISHER, difference.apply(Methods.SQUISHER, Methods.FISHER)));
        }
        return all;
    }

    /**
     * A part's differences with intervals and probabilities; empty where the Squisher was not measured.
     *
     * @param all comparisons of the setting
     * @param mean of the baseline
     */
    public static <P> List<String> cells(List<Comparison<P>> all, P part, String baseline, Sample mean) {
        Optional<Comparison<P>> fisher = Comparison.find(all, part, Methods.FISHER, baseline);
        Optional<Comparison<P>> squisher = Comparison.find(all, part, Methods.SQUISHER, baseline);
        Optional<Comparison<P>> between = Comparison.find(all, part, Methods.SQUISHER, Methods.FISHER);
        return squisher.map(found -> List.of(
                        mean.text(2) + " (" + baseline + ")",
                        Markdown.difference(fisher),
                        Markdown.probability(fisher),
                        Markdown.difference(squisher),
                        Markdown.probability(squisher),
                        Markdown.difference(between),
                        Markdown.probability(between),
                        Integer.toString(found.observations())))
                .orElse(List.of());
    }
}
