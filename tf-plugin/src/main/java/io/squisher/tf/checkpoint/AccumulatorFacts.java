package io.squisher.tf.checkpoint;

import io.squisher.proto.Accumulator;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.SessionTensor;
import io.squisher.tf.slots.OptimizerState;
import io.squisher.tf.slots.PenaltyGradients;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.tf.slots.Training;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.tensorflow.Session;

/** What a graph and a session tell of each parameter's accumulator. */
final class AccumulatorFacts {
    /** How many variables a note names. */
    private static final int NAMED = 5;

    private final Training training;
    private final List<OptimizerState> optimizers;
    private final Map<String, Set<GraphVariable>> penalties;
    /** Penalties never end: a strength that was seen once has left its gradients in the accumulators. */
    private final Set<GraphVariable> active = new HashSet<>();

    AccumulatorFacts(Training training) {
        this.training = training;
        this.optimizers = OptimizerState.of(training.variables());
        this.penalties = PenaltyGradients.in(training.variables());
    }

    /**
     * The settings and the steps at this moment, by parameter.
     *
     * @param told the step count of the loop, for optimizers whose graph does not tell theirs
     */
    Map<String, Accumulator> read(Session session, OptionalLong told) {
        Map<TrainedVariable, Accumulator> read = new LinkedHashMap<>();
        for (OptimizerState optimizer : optimizers) {
            Accumulator accumulator = read(optimizer, session, told);
            optimizer.variables().forEach(variable -> read.put(variable, accumulator));
        }
        Map<String, Accumulator> byName = new LinkedHashMap<>();
        for (TrainedVariable variable : training.variables()) {
            Accumulator accumulator = read.get(variable);
            boolean penalty = hasActivePenalty(variable.name(), session);
            byName.put(
                    variable.name(),
                    penalty ? accumulator.toBuilder().setPenaltyActive(true).build() : accumulator);
        }
        return byName;
    }

    private static Accumulator read(OptimizerState optimizer, Session session, OptionalLong told) {
        Accumulator.Builder accumulator = Accumulator.newBuilder()
                .setOptimizer(optimizer.optimizer())
                .setSlot(optimizer.slot())
                .setInitialValue(optimizer.initialValue());
        optimizer.decay(session).ifPresent(accumulator::setDecay);
        OptionalLong step = optimizer.step(session);
        if (step.isPresent()) {
            accumulator.setStep(step.getAsLong()).setStepSource(optimizer.stepSource());
        } else if (told.isPresent()) {
            accumulator.setStep(told.getAsLong()).setStepSource("caller");
        }
        return accumulator.build();
    }

    private boolean hasActivePenalty(String variable, Session session) {
        boolean any = false;
        for (GraphVariable strength : penalties.getOrDefault(variable, Set.of())) {
            if (active.contains(strength) || isSet(strength, session)) {
                active.add(strength);
                any = true;
            }
        }
        return any;
    }

    private static boolean isSet(GraphVariable strength, Session session) {
        try (var result = Given.fetch(session, List.of(strength))) {
            Tensor values = SessionTensor.of(strength.name(), result.get(0));
            ChunkReader reader = ChunkReader.upTo(values.size());
            double[] chunk = new double[(int) Math.min(values.size(), ChunkReader.DEFAULT_ELEMENTS)];
            long at = 0;
            for (int count = reader.read(values, at, chunk); count > 0; count = reader.read(values, at, chunk)) {
                for (int i = 0; i < count; i++) {
                    if (chunk[i] != 0) {
                        return true;
                    }
                }
                at += count;
            }
            return false;
        }
    }

    /** What a reader of the file should know, as far as the graph tells. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        training.without()
                .forEach((optimizer, names) -> notes.add("no accumulator of " + words(names) + ": trained by "
                        + optimizer + "; OwnAccumulator.add(trainingOperation) keeps one"));
        if (!penalties.isEmpty()) {
            notes.add("the gradients of " + words(penalties.keySet())
                    + " contain those of a penalty (EwcPenalty) as soon as it has a task; for the data's loss alone attach to"
                    + " OwnAccumulator.add(trainingOperation, decay, penalty)");
        }
        return notes;
    }

    private static String words(Set<String> names) {
        List<String> named =
                names.stream().limit(NAMED).map(name -> "'" + name + "'").toList();
        String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return String.join(", ", named) + more;
    }
}
