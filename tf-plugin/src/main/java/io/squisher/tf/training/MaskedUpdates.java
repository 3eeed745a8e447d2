package io.squisher.tf.training;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.SessionTensor;
import io.squisher.tf.slots.TrainedVariables;
import io.squisher.tf.slots.VariableUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Trains only the entries of a mask (FISH mask, Sung et al. 2021). After each step of the optimizer the other entries get their
 * old bits back, so that they hold under weight decay, momentum, and whatever else an optimizer does.
 *
 * <p>It costs a copy of the masked variables, and one selection per variable and step. Mask and old values are variables that no
 * optimizer trains, and {@code Squisher.save} saves them with the others.
 */
public final class MaskedUpdates {
    private final Map<String, Masked> variables = new LinkedHashMap<>();
    private final Op train;

    private record Masked(GraphVariable variable, StoredTensor<TBool> mask, StoredTensor<TFloat32> frozen) {}

    private MaskedUpdates(Ops tf, Op trainingOperation) {
        Ops after = tf.withControlDependencies(trainingOperation);
        List<Op> restored = new ArrayList<>();
        for (VariableUpdate update : TrainedVariables.updatesOf(trainingOperation.op())) {
            GraphVariable variable = update.variable();
            StoredTensor<TBool> mask = StoredTensor.allTrue(tf, variable.name() + "-mask", variable);
            StoredTensor<TFloat32> frozen = StoredTensor.zeros(tf, variable.name() + "-frozen", variable);
            variables.put(variable.name(), new Masked(variable, mask, frozen));
            restored.add(restore(after, variable, mask, frozen));
        }
        train = tf.withControlDependencies(restored).noOp();
    }

    private static Op restore(
            Ops after, GraphVariable variable, StoredTensor<TBool> mask, StoredTensor<TFloat32> frozen) {
        if (variable.isResource()) {
            Operand<TFloat32> trained =
                    after.readVariableOp(variable.operation().output(0), TFloat32.class);
            return after.assignVariableOp(
                    variable.operation().output(0), after.select(mask.value(), trained, frozen.value()));
        }
        Operand<TFloat32> trained = variable.value().expect(TFloat32.class);
        return after.assign(trained, after.select(mask.value(), trained, frozen.value()));
    }

    /**
     * Adds masks to a training step; from then on run {@link #train()} in place of {@code trainingOperation}. Until
     * {@link #freeze} all entries are trained.
     *
     * @throws SquisherException if the operation updates no variable that is known
     */
    public static MaskedUpdates add(Op trainingOperation) {
        GraphOperation operation = Given.operation(trainingOperation, "the training operation");
        return new MaskedUpdates(Ops.create(operation.env()), trainingOperation);
    }

    /** The training step that holds the masked entries; run it in place of the one that was given. */
    public Op train() {
        return train;
    }

    /**
     * From now on trains the entries where the mask is not 0, and holds the others at their present values.
     *
     * @param masks a tensor of the parameter's shape for each parameter that is masked; the rest is trained whole
     * @throws SquisherException if a name is no trained variable, or a shape differs
     */
    public void freeze(Session session, Map<String, Tensor> masks) {
        Set<String> unknown = new TreeSet<>(masks.keySet());
        unknown.removeAll(variables.keySet());
        if (!unknown.isEmpty()) {
            throw new SquisherException(
                    "the mask has parameters that are not trained: " + unknown + "; trained are " + variables.keySet());
        }
        masks.forEach((name, mask) -> {
            Masked masked = variables.get(name);
            try (var result = Given.fetch(session, List.of(masked.variable()))) {
                masked.frozen().set(session, SessionTensor.of(name, result.get(0)));
            }
            masked.mask().set(session, mask);
        });
    }
}
