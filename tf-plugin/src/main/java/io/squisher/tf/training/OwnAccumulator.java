package io.squisher.tf.training;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Mark;
import io.squisher.tf.graph.Scalar;
import io.squisher.tf.slots.AccumulatorSource;
import io.squisher.tf.slots.StepReading;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.tf.slots.TrainedVariables;
import io.squisher.tf.slots.VariableUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An exponential moving average of squared minibatch gradients, added to a training step of any optimizer:
 * {@code v ← d·v + (1-d)·(g - p)²}, where g is the gradient that the optimizer applies, taken from its update (there is no
 * second backward pass), and p the gradient of the known penalties in the loss. So v is that of the data's loss alone.
 *
 * <p>It is a variable {@code <parameter>-squared_gradient} for each parameter, saved and restored with the checkpoint, and a
 * step counter.
 */
public final class OwnAccumulator implements AccumulatorSource {
    /** Adam's usual decay: a memory of 1,000 steps. */
    public static final float DEFAULT_DECAY = 0.999f;

    private static final String SLOT = "squared_gradient";

    private final Ops tf;
    private final float decay;
    private final List<Penalty> penalties;
    private final List<TrainedVariable> variables = new ArrayList<>();
    private final List<Op> updates = new ArrayList<>();
    private Op train;

    private OwnAccumulator(Ops tf, float decay, List<Penalty> penalties) {
        if (!(decay > 0 && decay < 1)) {
            throw new SquisherException("the decay must lie between 0 and 1, it is " + decay);
        }
        this.tf = tf;
        this.decay = decay;
        this.penalties = penalties;
    }

    /** Adds an average with the default decay to a training step without known penalties. */
    public static OwnAccumulator add(Op trainingOperation) {
        return add(trainingOperation, DEFAULT_DECAY);
    }

    /**
     * Adds an average to a training step; from then on run {@link #train()} in place of {@code trainingOperation}.
     *
     * @param trainingOperation what the loop runs, as an optimizer's {@code minimize} returns it
     * @param decay d, between 0 and 1
     * @param penalties terms of the loss whose gradient does not belong to the data's
     * @throws SquisherException if no update of a variable is found, or one with a sparse gradient or not in float32
     */
    public static OwnAccumulator add(Op trainingOperation, float decay, Penalty... penalties) {
        GraphOperation operation = Given.operation(trainingOperation, "the training operation");
        OwnAccumulator own = new OwnAccumulator(Ops.create(operation.env()), decay, List.of(penalties));
        StepReading steps = own.addCounter();
        for (VariableUpdate update : TrainedVariables.updatesOf(operation)) {
            own.addAverage(update, steps);
        }
        return own.finished(trainingOperation);
    }

    /**
     * Adds an average with the default decay for updates that are written by hand. Run {@link #train()} in the same run as the
     * updates.
     *
     * @param gradients the trained variables, each with the gradient that its update uses
     */
    public static OwnAccumulator of(List<VariableGradient> gradients) {
        return new OwnAccumulator(graphOf(gradients), DEFAULT_DECAY, List.of())
                .addAll(gradients)
                .finished();
    }

    /**
     * Adds an average for updates that are written by hand; from then on run {@link #train()} in place of {@code update}.
     *
     * @param gradients the trained variables, each with the gradient that its update uses
     * @param update what the loop runs for a step
     * @param decay d, between 0 and 1
     * @param penalties terms of the loss whose gradient does not belong to the data's
     * @throws SquisherException if there are no variables, one is none or is given twice, or a gradient does not fit
     */
    public static OwnAccumulator of(List<VariableGradient> gradients, Op update, float decay, Penalty... penalties) {
        Given.operation(update, "the update");
        return new OwnAccumulator(graphOf(gradients), decay, List.of(penalties))
                .addAll(gradients)
                .finished(update);
    }

    private static Ops graphOf(List<VariableGradient> gradients) {
        if (Given.notNull(gradients, "the list of gradients").isEmpty()) {
            throw new SquisherException("the list of gradients is empty; give each trained variable with its gradient");
        }
        Given.notNull(gradients.get(0), "a variable's gradient");
        return Ops.create(
                Given.operation(gradients.get(0).gradient(), "the gradient").env());
    }

    private OwnAccumulator addAll(List<VariableGradient> gradients) {
        List<VariableUpdate> found = VariableGradient.updates(gradients);
        StepReading steps = addCounter();
        found.forEach(update -> addAverage(update, steps));
        return this;
    }

    private OwnAccumulator finished(Op... trainingOperations) {
        updates.addAll(List.of(trainingOperations));
        train = tf.withControlDependencies(updates).noOp();
        return this;
    }

    /** The training step with the averages' updates; run it in place of the one that was given. */
    public Op train() {
        return train;
    }

    @Override
    public List<TrainedVariable> variables() {
        return List.copyOf(variables);
    }

    private StepReading addCounter() {
        GraphVariable counter = NewVariables.zeroCounter(tf, "squisher-step");
        updates.add(NewVariables.increment(tf, counter));
        return new StepReading.Counter(new Scalar.Stored(counter), 1);
    }

    private void addAverage(VariableUpdate update, StepReading steps) {
        String name = update.variable().name();
        Operand<TFloat32> gradient = dense(update);
        for (Penalty penalty : penalties) {
            Optional<Operand<TFloat32>> known = penalty.gradient(name);
            if (known.isPresent()) {
                gradient = without(gradient, known.get(), name);
            }
        }
        Shape shape = update.variable().value().shape();
        GraphVariable average = NewVariables.accumulator(tf, name + "-" + SLOT, shape);
        // v - (1-d)(v - g²), in place
        Operand<TFloat32> v = average.value().expect(TFloat32.class);
        Operand<TFloat32> difference = tf.math.sub(v, tf.math.square(gradient));
        updates.add(tf.train.applyGradientDescent(v, tf.constant((float) (1 - (double) decay)), difference));
        variables.add(new TrainedVariable(
                update.variable(),
                update.operation(),
                gradient.asOutput(),
                new TrainedVariable.Accumulator(
                        average, "own", SLOT, Optional.of(new Scalar.Constant(decay)), steps, 0)));
    }

    /** A marked difference, so that the hook sees that this penalty is not in the average. */
    private Operand<TFloat32> without(Operand<TFloat32> gradient, Operand<TFloat32> penalty, String variable) {
        Graph graph = (Graph) tf.scope().env();
        String name = NewVariables.free(tf, "squisher/" + variable + "/data_gradient");
        return Mark.DATA_GRADIENT
                .on(graph.opBuilder("Sub", name, graph.baseScope())
                        .addInput(gradient.asOutput())
                        .addInput(penalty.asOutput()))
                .build()
                .output(0);
    }

    private static Operand<TFloat32> dense(VariableUpdate update) {
        if (update.operation().type().contains("Sparse")) {
            throw new SquisherException("variable '" + update.variable().name() + "' is updated by sparse gradients ("
                    + update.operation().type() + "), of which no average is kept");
        }
        try {
            return update.gradient().expect(TFloat32.class);
        } catch (IllegalArgumentException e) {
            throw new SquisherException(
                    "variable '" + update.variable().name() + "' is not float32, of which no average is kept", e);
        }
    }
}
