package io.squisher.apps;

import io.squisher.Counted;
import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherScale;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Fishers and weights of several tasks become one penalty for the training of the next (EWC):
 *
 * <pre>{@code
 * Consolidating.task(model1, fisher1).and(model2, fisher2).exclude("head").writeTo(penalty, anchor);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Consolidating {
    private record Task(Path model, Path fisher, double weight) {}

    private final List<Task> tasks = new ArrayList<>();
    private Mode mode = Mode.SEPARATE;
    private double decay = 1;
    private FisherScale scale = FisherScale.BATCH_IF_KNOWN;
    private Optional<Pattern> exclude = Optional.empty();
    private boolean otherModel;

    private Consolidating() {}

    /** The first task: the weights after it, and their Fisher or Squisher. */
    public static Consolidating task(Path model, Path fisher) {
        return new Consolidating().and(model, fisher);
    }

    /** The next task. */
    public Consolidating and(Path model, Path fisher) {
        return and(model, fisher, 1);
    }

    /** The next task, with a factor of its Fisher, not negative. */
    public Consolidating and(Path model, Path fisher, double weight) {
        tasks.add(new Task(model, fisher, weight));
        return this;
    }

    /** The last task's weights are the centre, and older Fishers are multiplied by {@code factor} at each task. */
    public Consolidating online(double factor) {
        mode = Mode.ONLINE;
        decay = factor;
        return this;
    }

    /** What accumulators are multiplied with; {@link FisherScale#BATCH_IF_KNOWN} unless given. */
    public Consolidating scale(FisherScale given) {
        scale = given;
        return this;
    }

    /** Parameters in whose name {@code regex} is found are not held: the heads of the tasks. */
    public Consolidating exclude(String regex) {
        exclude = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Takes Fishers that were made for other weights of the same shapes. */
    public Consolidating allowOtherModel() {
        otherModel = true;
        return this;
    }

    /**
     * Adds the tasks up and writes both files, or none.
     *
     * @param output the consolidated Fisher
     * @param anchor the centre of the penalty
     * @throws SquisherException with everything that does not fit together
     */
    public Written writeTo(Path output, Path anchor) {
        List<Path> inputs = new ArrayList<>();
        tasks.forEach(task -> inputs.addAll(List.of(task.model(), task.fisher())));
        OpenFiles.checkSafetensors(output, "a Fisher", inputs);
        OpenFiles.checkSafetensors(anchor, "an anchor", inputs, output);
        EwcOptions options = new EwcOptions(mode, decay, exclude, otherModel);
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> weights =
                    open.models(tasks.stream().map(Task::model).toList());
            List<NamedFisher> fishers =
                    open.fishers(tasks.stream().map(Task::fisher).toList());
            open.throwIfAny();
            List<EwcTask> learned = new ArrayList<>();
            for (int i = 0; i < tasks.size(); i++) {
                FisherImportance importance = new FisherImportance(fishers.get(i), scale);
                learned.add(new EwcTask(weights.get(i), importance, tasks.get(i).weight()));
            }
            EwcPenalty penalty = Consolidation.of(learned, options);
            List<String> warnings = learned.stream()
                    .flatMap(task -> task.importance().warnings().stream())
                    .toList();
            new PenaltyFiles(output, anchor).write(penalty, learned, options, Optional.empty());
            String summary = Counted.of(learned.size(), "task") + ", "
                    + Counted.of(penalty.fisher().size(), "parameter") + " held";
            return new Written(output, summary, warnings);
        }
    }

    /** How many tasks are consolidated. */
    @Override
    public String toString() {
        return "penalty of " + Counted.of(tasks.size(), "task") + ": call writeTo(fisher, anchor)";
    }
}
