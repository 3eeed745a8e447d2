package io.squisher.tf.training;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.Rescaling;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Mark;
import io.squisher.tf.graph.SessionTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/**
 * Elastic weight consolidation (Kirkpatrick et al. 2017): {@code ½ Σ_tasks λ_k Σ_i F_ki (θ_i - θ*_ki)²}, added to a loss.
 *
 * <p>A sum of quadratics is one quadratic but for a constant, which has no gradient: kept are S = Σ λ_k F_k and the anchor
 * Σ λ_k F_k θ*_k / S, so memory does not grow with the tasks. In the online form S is multiplied by a decay and the anchor is
 * the newest. Both start at 0: before the first task the penalty does nothing. They are variables that no optimizer trains, and
 * {@code Squisher.save} saves them with the others.
 */
public final class EwcPenalty implements Penalty {
    private final Map<String, Anchored> variables = new LinkedHashMap<>();
    private final Operand<TFloat32> term;

    private record Anchored(
            GraphVariable variable,
            StoredTensor<TFloat32> strength,
            StoredTensor<TFloat32> anchor,
            Operand<TFloat32> gradient) {}

    private EwcPenalty(Ops tf, List<GraphVariable> consolidated) {
        List<Operand<TFloat32>> terms = new ArrayList<>();
        for (GraphVariable variable : consolidated) {
            String name = variable.name();
            StoredTensor<TFloat32> strength =
                    StoredTensor.zeros(tf, name + "-ewc_strength", variable, Mark.PENALTY_STRENGTH);
            StoredTensor<TFloat32> anchor = StoredTensor.zeros(tf, name + "-ewc_anchor", variable, Mark.PENALTY_ANCHOR);
            Operand<TFloat32> distance = tf.math.sub(variable.value().expect(TFloat32.class), anchor.value());
            Operand<TFloat32> gradient = tf.math.mul(strength.value(), distance);
            terms.add(sum(
                    tf,
                    tf.math.mul(gradient, distance),
                    variable.value().shape().numDimensions()));
            variables.put(name, new Anchored(variable, strength, anchor, gradient));
        }
        term = tf.math.mul(tf.math.addN(terms), tf.constant(0.5f));
    }

    private static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> tensor, int rank) {
        int[] axes = new int[rank];
        for (int i = 0; i < rank; i++) {
            axes[i] = i;
        }
        return tf.reduceSum(tensor, tf.constant(axes), ReduceSum.keepDims(false));
    }

    /** The penalty over all variables that the graph has now; call it before the optimizer is added. */
    public static EwcPenalty over(Graph graph) {
        return over(graph, name -> true);
    }

    /**
     * The penalty over the variables whose name is accepted: with several heads, those of the shared body.
     *
     * @throws SquisherException if there are none
     */
    public static EwcPenalty over(Graph graph, Predicate<String> names) {
        List<GraphVariable> chosen = GraphVariable.all(Given.graph(graph)).stream()
                .filter(variable -> names.test(variable.name()))
                .filter(variable -> variable.value().type() == TFloat32.class)
                // Another penalty's tensors and own accumulators are no parameters.
                .filter(variable -> !Mark.isAnyOn(variable.operation()))
                .toList();
        if (chosen.isEmpty()) {
            throw new SquisherException("the graph has no float32 variable to consolidate; add the penalty after the "
                    + "variables and before the optimizer");
        }
        return new EwcPenalty(Ops.create(graph), chosen);
    }

    @Override
    public Operand<TFloat32> term() {
        return term;
    }

    @Override
    public Optional<Operand<TFloat32>> gradient(String variable) {
        return Optional.ofNullable(variables.get(variable)).map(Anchored::gradient);
    }

    /**
     * Adds a task that has just been learned: its anchor are the session's present values.
     *
     * @param fisher the task's diagonal, for every consolidated variable
     * @param rescaling what makes its numbers a Fisher, as {@code FisherScale} finds it
     * @param lambda λ_k
     */
    public void addTask(Session session, FisherDiagonal fisher, Rescaling rescaling, double lambda) {
        consolidate(session, fisher, rescaling, new Consolidation(lambda, 1, false));
    }

    /**
     * Adds a task in the online form: what was there fades by {@code decay}, and the anchor moves to the present values.
     *
     * @param decay γ, between 0 and 1
     */
    public void addTaskOnline(
            Session session, FisherDiagonal fisher, Rescaling rescaling, double lambda, double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new SquisherException("the decay must lie between 0 and 1, it is " + decay);
        }
        consolidate(session, fisher, rescaling, new Consolidation(lambda, decay, true));
    }

    /** How a task joins: its weight, what is left of those before, and whether the anchor is the newest alone. */
    private record Consolidation(double lambda, double decay, boolean newestAnchor) {}

    private void consolidate(Session session, FisherDiagonal fisher, Rescaling rescaling, Consolidation consolidation) {
        Given.notNull(fisher, "the task's Fisher");
        Given.notNull(rescaling, "the rescaling");
        if (!(consolidation.lambda() >= 0) || Double.isInfinite(consolidation.lambda())) {
            throw new SquisherException("lambda is 0 or above and finite, not " + consolidation.lambda());
        }
        // All tensors first: a missing one must not leave half of the variables consolidated.
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        variables.keySet().forEach(name -> tensors.put(name, fisher.tensor(name)));
        variables.forEach((name, anchored) -> {
            double[] strength = anchored.strength().get(session).toDoubles();
            double[] anchor = anchored.anchor().get(session).toDoubles();
            double[] fisherOfTask = tensors.get(name).toDoubles();
            double[] present = present(session, anchored.variable());
            if (fisherOfTask.length != strength.length) {
                throw new SquisherException("the Fisher of '" + name + "' has "
                        + Counted.of(fisherOfTask.length, "element") + ", the variable " + strength.length);
            }
            for (int i = 0; i < strength.length; i++) {
                double before = consolidation.decay() * strength[i];
                double added = consolidation.lambda() * rescaling.apply(name, fisherOfTask[i]);
                double sum = before + added;
                boolean newest = consolidation.newestAnchor() || sum == 0;
                anchor[i] = newest ? present[i] : (before * anchor[i] + added * present[i]) / sum;
                strength[i] = sum;
            }
            Shape shape = Shape.of(anchored.variable().value().shape().asArray());
            anchored.strength().set(session, Tensor.of(shape, strength));
            anchored.anchor().set(session, Tensor.of(shape, anchor));
        });
    }

    private static double[] present(Session session, GraphVariable variable) {
        try (var result = Given.fetch(session, List.of(variable))) {
            return SessionTensor.of(variable.name(), result.get(0)).toDoubles();
        }
    }
}
