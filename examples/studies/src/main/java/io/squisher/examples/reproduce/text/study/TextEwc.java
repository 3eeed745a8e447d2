package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.Seeds;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.Unit.Place;
import io.squisher.examples.reproduce.text.unit.Work;
import java.util.ArrayList;
import java.util.List;

/** Setting 6: text tasks one after the other in one encoder, held by elastic weight consolidation (Kirkpatrick et al. 2017). */
public final class TextEwc implements TextSetting {
    private static final List<String> TASKS = List.of("trec", "subj", "tweet_emotion", "snips", "sms_spam");

    private static final TextPart ACCURACY = TextPart.compared(
            "five tasks in turn", "mean test accuracy over the tasks after the last (%)", "", EwcSequence.NONE);
    private static final TextPart SWEEP =
            TextPart.told("choice of λ", "mean validation accuracy over the tasks, seed " + Seeds.CHOICE + " (%)", "λ");
    private static final TextPart CHOSEN = TextPart.told("chosen λ", "λ", "");
    private static final TextPart EDGE =
            TextPart.told("whether the best λ lies at an edge of what was tried", "0 no, 1 yes", "");

    private static final List<String> HELD = List.of(EwcSequence.IDENTITY, TextMethods.FISHER, TextMethods.SQUISHER);

    private static final double BASE = 10;
    private static final int FURTHER = 5;

    /** How many λ a choice tries, about. */
    private static final int USUAL_TRIES = 6;

    @Override
    public String name() {
        return "ewc";
    }

    @Override
    public String title() {
        return "EWC";
    }

    @Override
    public String words() {
        return "The encoder learns " + TASKS
                + " in turn, each with a head of its own that is trained alone first, then "
                + EwcSequence.TRAINING.words() + ", the optimizer anew for each task. A penalty for each earlier task,"
                + " around its weights; the Squisher is the accumulator of the data"
                + " loss alone, times the batch. λ: from "
                + search(TextMethods.FISHER).words() + " (identity: "
                + search(EwcSequence.IDENTITY).words()
                + ") on, in steps of ten, and further while the best lies at an edge; chosen on validation texts of"
                + " all tasks.";
    }

    @Override
    public String paper() {
        return "both clearly above no penalty, the Squisher a little more";
    }

    @Override
    public int seeds() {
        return 5;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(ACCURACY, SWEEP, CHOSEN, EDGE);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return List.of();
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<Unit> units = new ArrayList<>();
        if (seed == 1) {
            for (String method : HELD) {
                units.add(new Unit(
                        name(),
                        "choice-" + method.toLowerCase(java.util.Locale.ROOT),
                        Seeds.CHOICE,
                        work(study, method).times(study.models().sizes().thin() ? 1 : USUAL_TRIES),
                        place -> choice(study, method, place)));
            }
        }
        Work all = work(study, EwcSequence.NONE);
        for (String method : HELD) {
            all = all.plus(work(study, method));
        }
        units.add(new Unit(name(), "sequence", seed, all, place -> sequences(study, seed, place)));
        return units;
    }

    private static Work work(TextStudy study, String method) {
        return study.twoOrMore(TASKS).stream()
                .map(task -> study.head(task)
                        .plus(study.training(task, EwcSequence.TRAINING))
                        .plus(study.test(task))
                        .plus(method.equals(TextMethods.FISHER) ? study.fisher(task) : Work.NONE))
                .reduce(Work.NONE, Work::plus);
    }

    private static EdgeSearch search(String method) {
        return method.equals(EwcSequence.IDENTITY)
                ? new EdgeSearch(BASE, -1, 1, FURTHER)
                : new EdgeSearch(BASE, 3, 5, FURTHER);
    }

    private static EdgeSearch.Found chosen(TextStudy study, String method, Place place) {
        return (study.models().sizes().thin() ? search(method).middle() : search(method)).best(lambda -> study.models()
                .numbers(Seeds.CHOICE)
                .number("EWC by " + method + " with " + lambda, () -> new EwcSequence(
                                study.models(), study.twoOrMore(TASKS), Seeds.CHOICE, place.scratch())
                        .validated(method, lambda)));
    }

    private static List<TextPoint> choice(TextStudy study, String method, Place place) {
        List<TextPoint> points = new ArrayList<>();
        EdgeSearch.Found found = chosen(study, method, place);
        found.scores().forEach((lambda, score) -> points.add(new TextPoint(SWEEP.name(), method, lambda, "", score)));
        points.add(new TextPoint(CHOSEN.name(), method, 0, "", found.best()));
        points.add(new TextPoint(EDGE.name(), method, 0, "", found.atEdge() ? 1 : 0));
        return points;
    }

    private static List<TextPoint> sequences(TextStudy study, long seed, Place place) {
        List<TextPoint> points = new ArrayList<>();
        EwcSequence sequence = new EwcSequence(study.models(), study.twoOrMore(TASKS), seed, place.scratch());
        List<String> methods = new ArrayList<>(List.of(EwcSequence.NONE));
        methods.addAll(HELD);
        for (String method : methods) {
            double accuracy = place.notes().number(method, () -> {
                double lambda = method.equals(EwcSequence.NONE)
                        ? 0
                        : chosen(study, method, place).best();
                return sequence.tested(method, lambda);
            });
            points.add(new TextPoint(ACCURACY.name(), method, 0, "", accuracy));
        }
        return points;
    }
}
