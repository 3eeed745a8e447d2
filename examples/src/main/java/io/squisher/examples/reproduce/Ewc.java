package io.squisher.examples.reproduce;

import io.squisher.examples.reproduce.RunResult.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Setting 6: elastic weight consolidation (Kirkpatrick et al. 2017) over a sequence of tasks, against no penalty and against
 * the identity in place of the Fisher. Every method's λ is chosen on the whole sequence's validation images, with a seed that
 * is not reported.
 */
record Ewc(String name, String title, Options options, double referenceSeconds) implements Setting {
    /**
     * How it is trained.
     *
     * @param count how many tasks
     * @param side of the images that the network takes
     * @param most training images of each task
     * @param lambdas the powers of ten that are tried for a Fisher
     * @param uniformLambdas those that are tried for the identity, as many
     */
    record Options(
            EwcTasks tasks,
            int count,
            Architecture architecture,
            int side,
            int most,
            int steps,
            float rate,
            int batch,
            SavedModel.FisherSettings fisher,
            List<Double> lambdas,
            List<Double> uniformLambdas) {}

    private Part part() {
        return new Part(title, "mean test accuracy over the tasks after the last (%)");
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
        words.put("network", options.architecture().words());
        words.put(
                "tasks",
                options.count() + ", " + (options.tasks() == EwcTasks.SPLIT ? "of classes" : "of permuted pixels")
                        + ", each with logits of its own, at most " + options.most() + " training images each");
        words.put(
                "training",
                options.steps() + " steps of a new Adam for each task, learning rate " + options.rate()
                        + ", beta2 0.999, batch " + options.batch());
        words.put("examples of the Fisher", "at most " + options.fisher().most());
        words.put(
                "lambda",
                "one of " + options.lambdas() + " for Fishers and Squishers (as batch size times accumulator), of "
                        + options.uniformLambdas() + " for the identity; the best on validation images of all tasks");
        words.put("penalty", "one for each task around its own weights, over all layers but the last");
        return words;
    }

    @Override
    public boolean hasChoice() {
        return true;
    }

    @Override
    public Optional<Outcome> choose(Run run) {
        EwcSequence sequence = new EwcSequence(run, options);
        List<Point> points = new ArrayList<>();
        Map<String, Double> chosen = new LinkedHashMap<>();
        for (EwcMethod method : methods()) {
            double best = Double.NEGATIVE_INFINITY;
            for (double lambda : lambdas(method)) {
                double accuracy = sequence.learn(method, lambda).validation();
                points.add(new Point(title, method.label(), lambda, accuracy));
                if (accuracy > best) {
                    best = accuracy;
                    chosen.put(method.label(), lambda);
                }
            }
        }
        return Optional.of(new Outcome(points, List.of(), List.of(), chosen));
    }

    private List<EwcMethod> methods() {
        List<EwcMethod> methods = new ArrayList<>(List.of(EwcMethod.values()));
        if (!options.fisher().exact()) {
            methods.remove(EwcMethod.EXACT);
        }
        return methods;
    }

    private List<Double> lambdas(EwcMethod method) {
        return switch (method) {
            case NONE -> List.of(0.0);
            case IDENTITY -> options.uniformLambdas();
            default -> options.lambdas();
        };
    }

    @Override
    public Outcome run(Run run) {
        EwcSequence sequence = new EwcSequence(run, options);
        List<Point> points = new ArrayList<>();
        for (EwcMethod method : methods()) {
            double lambda = run.chosen().get(method.label());
            points.add(new Point(
                    title, method.label(), sequence.learn(method, lambda).test()));
        }
        return new Outcome(points, sequence.layers(), sequence.costs(), run.chosen());
    }
}
