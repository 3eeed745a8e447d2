package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance.Reduction;
import io.squisher.tf.slots.AccumulatorSource;
import io.squisher.tf.slots.OptimizerState;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.tf.slots.TrainedVariables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Op;

/**
 * The hook of a training loop: finds the optimizer's squared-gradient accumulators in the graph and saves them beside
 * each checkpoint. It costs nothing per step. Not for several threads; no training step may run during a save.
 */
public final class Squisher {
    /** What a checkpoint's prefix is extended by for the accumulators' file. */
    public static final String SUFFIX = ".squisher.safetensors";

    private final List<TrainedVariable> variables;
    private final OptimizerState optimizer;
    private TrainingFacts facts = TrainingFacts.DEFAULT;
    private Restorer restorer;

    private Squisher(List<TrainedVariable> variables) {
        this.variables = variables;
        this.optimizer = OptimizerState.of(variables);
    }

    /**
     * Attaches to the optimizer of {@code graph}; call it after the optimizer's {@code minimize}.
     *
     * @throws SquisherException if the graph trains nothing, trains with an optimizer that keeps no squared gradients,
     *     or with several optimizers
     */
    public static Squisher attach(Graph graph) {
        return new Squisher(TrainedVariables.in(graph));
    }

    /** Attaches to the one optimizer whose update is {@code trainingOperation}, as {@code minimize} returned it. */
    public static Squisher attach(Op trainingOperation) {
        return new Squisher(TrainedVariables.updatedBy(trainingOperation.op()));
    }

    /** Attaches to accumulators that were added to the graph. */
    public static Squisher attach(AccumulatorSource source) {
        return new Squisher(source.variables());
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

    /** Says whether the loss contains a penalty (weight decay, EWC) beside the data's loss. */
    public Squisher penaltyActive(boolean active) {
        facts = facts.withPenaltyActive(active);
        return this;
    }

    /** The parameters that are trained, with where their accumulators are. */
    public List<TrainedVariable> variables() {
        return variables;
    }

    /** The file of accumulators that belongs to a checkpoint. */
    public static Path fileFor(Path prefix) {
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
        try (Snapshot snapshot = Snapshot.of(session);
                PreparedPair pair = snapshot.preparePair(prefix, variables, facts(session, step, Map.of()))) {
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
        if (restorer == null || !restorer.isUpToDate(session.graph())) {
            restorer = new Restorer(session.graph());
        }
        restorer.restore(session, prefix);
    }

    /** What is known at this moment beside the numbers. */
    Snapshot.SaveFacts facts(Session session, OptionalLong step, Map<String, String> metadata) {
        return new Snapshot.SaveFacts(facts, accumulator(session, step), metadata);
    }

    private Accumulator accumulator(Session session, OptionalLong told) {
        Accumulator.Builder accumulator = Accumulator.newBuilder()
                .setOptimizer(optimizer.optimizer())
                .setSlot(optimizer.slot())
                .setInitialValue(optimizer.initialValue());
        optimizer.decay(session).ifPresent(accumulator::setDecay);
        OptionalLong read = optimizer.step(session);
        if (read.isPresent()) {
            accumulator.setStep(read.getAsLong()).setStepSource(optimizer.stepSource());
        } else if (told.isPresent()) {
            accumulator.setStep(told.getAsLong()).setStepSource("caller");
        }
        return accumulator.build();
    }
}
