package io.squisher.fisher;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.checkpoint.StartValue;
import io.squisher.proto.Accumulator;
import io.squisher.proto.OptimizerGroup;
import io.squisher.proto.Provenance;
import io.squisher.tensor.ConstantTensors;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Whether a diagonal tells its parameters apart at all. One that is 0 everywhere, or holds one value alone, gives an order that is
 * arbitrary; an accumulator at its start value stands for nothing. All applications ask here, and so does whoever makes a Fisher.
 * Reading ends at the first value that differs, so a sound diagonal costs little.
 *
 * @param only the one value of all entries; empty where two differ
 * @param entries how many entries the parameters have
 * @param tensors how many tensors of parameters there are
 * @param zeros names of those that are 0 everywhere
 */
public record FisherContent(OptionalDouble only, long entries, int tensors, List<String> zeros) {
    private static final int NAMED = 3;

    /** Looks into {@code diagonal}, at its parameters alone. */
    public static FisherContent of(FisherDiagonal diagonal) {
        Map<String, Tensor> parameters = new LinkedHashMap<>(diagonal.tensors());
        parameters.keySet().removeIf(name -> diagonal.role(name) != Role.PARAMETER);
        List<String> zeros = parameters.entrySet().stream()
                .filter(entry -> isZero(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        long entries = parameters.values().stream().mapToLong(Tensor::size).sum();
        return new FisherContent(ConstantTensors.value(parameters.values()), entries, parameters.size(), zeros);
    }

    private static boolean isZero(Tensor tensor) {
        OptionalDouble value = ConstantTensors.value(tensor);
        return value.isPresent() && value.getAsDouble() == 0;
    }

    /**
     * Refuses accumulators that still hold what their optimizer started them with.
     *
     * @param label the file, for messages
     */
    public static void refuseStartValues(FisherDiagonal diagonal, String label) {
        Provenance provenance = diagonal.provenance();
        if (provenance.getKind() != Provenance.Kind.ACCUMULATOR) {
            return;
        }
        if (provenance.getOptimizerGroupsCount() == 0) {
            refuse(provenance.getAccumulator(), diagonal.tensors().values(), label);
        }
        for (OptimizerGroup group : provenance.getOptimizerGroupsList()) {
            List<Tensor> tensors = group.getTensorsList().stream()
                    .filter(diagonal.names()::contains)
                    .map(diagonal::tensor)
                    .toList();
            refuse(group.getAccumulator(), tensors, label);
        }
    }

    private static void refuse(Accumulator facts, Collection<Tensor> tensors, String label) {
        Optional<Double> start = StartValue.in(facts, tensors);
        if (start.isPresent()) {
            throw new SquisherException("'" + label + "': " + StartValue.sentence(facts, start.get()));
        }
    }

    /** Whether all entries are 0. */
    public boolean isZero() {
        return only.isPresent() && only.getAsDouble() == 0;
    }

    /**
     * What the user should know; complete lines.
     *
     * @param label the file, for messages
     */
    public List<String> warnings(String label) {
        List<String> warnings = new ArrayList<>();
        if (isZero()) {
            warnings.add(allZero(label) + "; any order of its parameters is arbitrary");
        } else if (only.isPresent() && entries > 1) {
            warnings.add("'" + label + "' holds " + only.getAsDouble()
                    + " alone, so that any order of its parameters is arbitrary");
        } else if (!zeros.isEmpty()) {
            String more = zeros.size() > NAMED ? ", ..." : "";
            warnings.add(zeros.size() + " of the " + Counted.of(tensors, "tensor") + " of '" + label
                    + "' are 0 everywhere ("
                    + zeros.stream().limit(NAMED).map(name -> "'" + name + "'").collect(Collectors.joining(", ")) + more
                    + "): no gradient reaches them, so they are frozen, unused, or do not change the output for these"
                    + " examples");
        }
        return warnings;
    }

    /**
     * Refuses a diagonal of zeros, where it is to be compared.
     *
     * @param label the file, for messages
     */
    public void refuseZero(String label) {
        if (isZero()) {
            throw new SquisherException(allZero(label) + "; nothing can be compared with it");
        }
    }

    private static String allZero(String label) {
        return "'" + label
                + "' is 0 for every parameter: the model is certain of its labels (a saturated output), the labels"
                + " are wrong, or no gradient passes its graph";
    }
}
