package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.proto.Provenance.Reduction;
import io.squisher.tf.graph.Given;
import io.squisher.tf.slots.AccumulatorSource;
import io.squisher.tf.slots.LossScales;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.tf.slots.TrainedVariables;
import io.squisher.tf.slots.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;

/**
 * The hook of a training loop: finds the optimizer's squared-gradient accumulators in the graph and saves them beside
 * each checkpoint. It costs nothing per step. Not for several threads; no training step may run during a save.
 */
public final class Squisher {
    /** What a checkpoint's prefix is extended by for the accumulators' file. */
    public static final String SUFFIX = ".squisher.safetensors";

    private final Training training;
    private final Graph graph;
    /** Whether the hook is for all that the graph trains, so that nothing may be added later. */
    private final boolean whole;

    private final AccumulatorFacts accumulators;
    private final List<String> notes = new ArrayList<>();
    private TrainingFacts facts = TrainingFacts.DEFAULT;
    private Restorer restorer;

    private Squisher(Training training, boolean whole) {
        if (training.variables().isEmpty()) {
            throw new SquisherException("there are no accumulators to attach to: the source has no variables");
        }
        this.training = training;
        this.whole = whole;
        this.graph = training.variables().get(0).update().env();
        for (TrainedVariable variable : training.variables()) {
            if (variable.update().env() != graph) {
                throw new SquisherException("variable '" + variable.name() + "' is of another graph than '"
                        + training.variables().get(0).name() + "'; attach a hook to each graph");
            }
        }
        this.accumulators = new AccumulatorFacts(training);
    }

    /**
     * Attaches to all optimizers of {@code graph}; call it after the last {@code minimize}. Parameters whose optimizer keeps
     * no squared gradients are named in {@link #notes()}.
     *
     * @throws SquisherException if the graph trains nothing, trains with optimizers that keep no squared gradients alone, or
     *     trains a variable with two optimizers
     */
    public static Squisher attach(Graph graph) {
        return new Squisher(TrainedVariables.trainingOf(Given.graph(graph)), true);
    }

    /**
     * Attaches to the optimizers whose updates are these operations, as {@code minimize} returned them: for a body and a head
     * that are trained apart, into one file.
     *
     * @throws SquisherException if one updates no variable with squared gradients, or two update the same variable
     */
    public static Squisher attach(Op trainingOperation, Op... more) {
        List<Training> trainings = new ArrayList<>();
        trainings.add(trainingOf(trainingOperation));
        for (Op other : Given.notNull(more, "the list of training operations")) {
            trainings.add(trainingOf(other));
        }
        return new Squisher(Training.joined(trainings), false);
    }

    private static Training trainingOf(Op operation) {
        return TrainedVariables.trainingOf(Given.operation(operation, "the training operation"));
    }

    /**
     * Attaches to accumulators that were added to the graph, also beside those of an optimizer
     * ({@link AccumulatorSource#of}), into one file.
     *
     * @throws SquisherException if two sources have the same variable
     */
    public static Squisher attach(AccumulatorSource source, AccumulatorSource... more) {
        List<Training> trainings = new ArrayList<>();
        trainings.add(
                Training.of(Given.notNull(source, "the source of accumulators").variables()));
        for (AccumulatorSource other : Given.notNull(more, "the list of sources")) {
            trainings.add(Training.of(
                    Given.notNull(other, "the source of accumulators").variables()));
        }
        return new Squisher(Training.joined(trainings), false);
    }

    /** Says how many examples one optimizer step sees. */
    public Squisher batchSize(long examples) {
        facts = facts.withBatchSize(examples);
        return this;
    }

    /** Says how many examples the training set has. */
    public Squisher datasetSize(long examples) {
        facts = facts.withDatasetSize(examples);
        return this;
    }

    /** Says whether the loss is the mean over a batch's examples, as is assumed, or their sum. */
    public Squisher lossReduction(Reduction reduction) {
        facts = facts.withLossReduction(reduction);
        return this;
    }

    /**
     * Says whether the loss contains a penalty (weight decay, EWC) beside the data's loss. An {@code EwcPenalty} that has a
     * task is seen without this, and cannot be denied.
     */
    public Squisher penaltyActive(boolean active) {
        facts = facts.withPenaltyActive(active);
        return this;
    }

    /**
     * Says that the loss was multiplied by a constant, as training in half precision does, and that its gradients reach the
     * optimizer so: the accumulators carry the square of {@code scale}, by which their readers divide.
     *
     * @param scale above 0
     */
    public Squisher lossScale(double scale) {
        facts = facts.withLossScale(scale);
        return this;
    }

    /**
     * Says that the loss is multiplied by a scale that changes. The gradients must be divided by it before the optimizer
     * squares them, which is checked in the graph: an average of squares under different scales is no Fisher under any.
     *
     * @param scale what the loss is multiplied by, and the gradients are divided by
     * @throws SquisherException if a gradient reaches its optimizer without that division
     */
    public Squisher lossScale(Operand<?> scale) {
        Given.operation(scale, "the loss scale");
        LossScales.firstScaled(training.variables(), scale.asOutput()).ifPresent(variable -> {
            throw new SquisherException("the gradient of '" + variable.name() + "' is not divided by the loss scale '"
                    + scale.op().name() + "' before " + variable.accumulator().optimizer() + " squares it; a scale that"
                    + " changes cannot be undone in the average: divide the gradients by it before applyGradients, or give"
                    + " the divided ones to OwnAccumulator.of; for a constant use lossScale(number)");
        });
        notes.add("the gradients are divided by the loss scale '" + scale.op().name() + "' before they are squared");
        return this;
    }

    /** The parameters that are trained, with where their accumulators are. */
    public List<TrainedVariable> variables() {
        return training.variables();
    }

    /** What a user should know: parameters without accumulator, and penalties in the gradients. They are in the file, too. */
    public List<String> notes() {
        List<String> all = new ArrayList<>(accumulators.notes());
        all.addAll(notes);
        return all;
    }

    /** The file of accumulators that belongs to a checkpoint. */
    public static Path fileFor(Path prefix) {
        Path name = Given.notNull(prefix, "the checkpoint's prefix").getFileName();
        if (name == null || name.toString().isEmpty()) {
            throw new SquisherException("the checkpoint's prefix '" + prefix + "' has no file name; give folder/name");
        }
        return prefix.resolveSibling(prefix.getFileName() + SUFFIX);
    }

    /**
     * Saves a checkpoint under {@code prefix} that {@link Session#restore} reads, with all variables that the graph has now,
     * and the accumulators of the same step beside it. The accumulators' file exists only when it belongs to the checkpoint: an
     * older one of that name is removed before the checkpoint is replaced. A save that fails leaves an older pair as it was.
     *
     * @return the accumulators' file
     * @throws SquisherException if something cannot be written
     */
    public Path save(Session session, Path prefix) {
        return save(session, prefix, OptionalLong.empty());
    }

    /**
     * As {@link #save(Session, Path)}, for optimizers whose graph does not tell its step count: most others than Adam, and
     * Adam itself after many steps with a small β₂.
     *
     * @param step optimizer steps taken since the accumulators started
     */
    public Path save(Session session, Path prefix, long step) {
        return save(session, prefix, OptionalLong.of(step));
    }

    private Path save(Session session, Path prefix, OptionalLong step) {
        Path file = fileFor(prefix);
        try (Snapshot snapshot = Snapshot.of(checked(session));
                PreparedPair pair = snapshot.preparePair(prefix, variables(), facts(session, step, Map.of()))) {
            pair.commitOver(file);
        }
        return file;
    }

    /**
     * Puts the values of a checkpoint into the session's variables, as {@link Session#restore} does, but also into resource
     * variables.
     *
     * @throws SquisherException naming every variable that does not fit; then none is changed
     */
    public void restore(Session session, Path prefix) {
        checked(session);
        fileFor(prefix);
        if (restorer == null || !restorer.isUpToDate(graph)) {
            restorer = new Restorer(graph);
        }
        restorer.restore(session, prefix);
    }

    /** What is known at this moment beside the numbers. */
    Snapshot.SaveFacts facts(Session session, OptionalLong step, Map<String, String> metadata) {
        if (step.isPresent() && step.getAsLong() < 0) {
            throw new SquisherException("the step count is 0 or above, not " + step.getAsLong());
        }
        checkNothingWasAdded();
        return new Snapshot.SaveFacts(facts, accumulators.read(checked(session), step), notes(), metadata);
    }

    private Session checked(Session session) {
        Given.graph(graph);
        return Given.session(session, graph);
    }

    private void checkNothingWasAdded() {
        if (!whole) {
            return;
        }
        Set<String> known = variables().stream().map(TrainedVariable::name).collect(Collectors.toSet());
        for (TrainedVariable variable : TrainedVariables.in(graph)) {
            if (!known.contains(variable.name())) {
                throw new SquisherException("variable '" + variable.name()
                        + "' is trained only since the hook was attached;" + " attach after the last minimize()");
            }
        }
    }
}
