package io.squisher.examples.reproduce.ewc;

import io.squisher.SquisherException;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * Setting 6: elastic weight consolidation (Kirkpatrick et al. 2017) over a sequence of tasks, against no penalty and against
 * the identity in place of the Fisher. Every method's λ is chosen on the whole sequence's validation images, with a seed that
 * is not reported.
 *
 * @param axis what its variants differ in, with the unit; empty where there is one
 * @param variants ways to train, by their place on the axis; λ is chosen anew for each
 * @param referenceChoiceSeconds what the choice of λ takes
 */
public record Ewc(
        String name,
        String title,
        String axis,
        Map<Double, EwcTraining> variants,
        double referenceSeconds,
        double referenceChoiceSeconds)
        implements Setting {

    /** A single way to train. */
    public Ewc(
            String name, String title, EwcTraining training, double referenceSeconds, double referenceChoiceSeconds) {
        this(name, title, "", Map.of(0.0, training), referenceSeconds, referenceChoiceSeconds);
    }

    private Part part() {
        return new Part(title, "mean test accuracy over the tasks after the last (%)", axis);
    }

    @Override
    public Panel panel() {
        return Panel.EWC;
    }

    @Override
    public List<Part> parts() {
        return List.of(part());
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = new LinkedHashMap<>();
        variants.forEach((x, training) ->
                training.words().forEach((choice, value) -> words.merge(choice, value, Ewc::differing)));
        return words;
    }

    /** What all variants say once, what differs for each. */
    private static String differing(String before, String value) {
        return before.equals(value) || before.endsWith("; " + value) ? before : before + "; " + value;
    }

    @Override
    public boolean hasChoice() {
        return true;
    }

    /** A choice's key: the method, and where there are several variants, which. */
    private String key(EwcMethod method, double x) {
        return axis.isEmpty() ? method.label() : method.label() + " at " + x;
    }

    @Override
    public Optional<Outcome> choose(Run run) {
        List<Point> points = new ArrayList<>();
        Map<String, Double> chosen = new LinkedHashMap<>();
        variants.forEach((x, training) -> {
            EwcSequence sequence = new EwcSequence(run, training);
            List<EwcMethod> swept = training.methods().stream()
                    .filter(method -> !method.hasFishersLambda())
                    .toList();
            // A sweep takes many times as long as a run, which would leave the other processors idle at the end.
            Map<EwcMethod, EdgeSearch.Found> tried = swept.parallelStream()
                    .collect(Collectors.toConcurrentMap(
                            method -> method, method -> tried(run, sequence, method, key(method, x))));
            for (EwcMethod method : training.methods()) {
                EwcMethod by = method.hasFishersLambda() ? EwcMethod.FISHER : method;
                chosen.put(key(method, x), tried.get(by).best());
            }
            for (EwcMethod method : swept) {
                tried.get(method)
                        .scores()
                        .forEach((lambda, score) -> points.add(new Point(title, key(method, x), lambda, score)));
            }
        });
        return Optional.of(new Outcome(points, List.of(), List.of(), chosen));
    }

    /** Every λ of a method that was tried, with what it gives on validation images. */
    private static EdgeSearch.Found tried(Run run, EwcSequence sequence, EwcMethod method, String key) {
        DoubleUnaryOperator score =
                lambda -> run.notes().number(key + ", λ " + lambda, () -> validated(sequence, method, lambda));
        return method == EwcMethod.NONE
                ? new EdgeSearch.Found(0, Map.of(0.0, score.applyAsDouble(0)), false)
                : sequence.training().search(method).best(score);
    }

    /** Accuracy on validation images; 0 where λ is so large that a diagonal is not finite any more. */
    private static double validated(EwcSequence sequence, EwcMethod method, double lambda) {
        try {
            return sequence.learn(method, lambda, EwcTasks.Task::validation);
        } catch (SquisherException e) {
            return 0;
        }
    }

    @Override
    public Outcome run(Run run) {
        List<Point> points = new ArrayList<>();
        List<LayerAgreement> layers = new ArrayList<>();
        List<DiagonalCost> costs = new ArrayList<>();
        variants.forEach((x, training) -> {
            EwcSequence sequence = new EwcSequence(run, training);
            for (EwcMethod method : training.methods()) {
                String key = key(method, x);
                double lambda = run.chosen().get(key);
                double accuracy = run.notes().number(key, () -> sequence.learn(method, lambda, EwcTasks.Task::test));
                points.add(new Point(title, method.label(), x, accuracy));
            }
            SavedModel first = sequence.firstModel();
            costs.add(first.cost());
            for (LayerAgreement layer : first.layers()) {
                layers.add(axis.isEmpty() ? layer : layer.renamed(layer.layer() + LayerAgreement.OF + axis + " " + x));
            }
        });
        return new Outcome(points, layers, costs, run.chosen());
    }
}
