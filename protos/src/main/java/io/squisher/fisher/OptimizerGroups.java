package io.squisher.fisher;

import io.squisher.SquisherException;
import io.squisher.internal.protobuf.Descriptors.FieldDescriptor;
import io.squisher.proto.Accumulator;
import io.squisher.proto.OptimizerGroup;
import io.squisher.proto.Provenance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The optimizers behind one file of accumulators. A provenance with one for all tensors keeps it in {@code accumulator};
 * one with several has {@code optimizer_groups}, and in {@code accumulator} only what they share.
 */
public final class OptimizerGroups {
    /** How many tensors a message names. */
    private static final int NAMED = 3;

    private OptimizerGroups() {}

    /**
     * The groups of a provenance; the tensors of the only one are not listed.
     *
     * @return at least one
     */
    public static List<OptimizerGroup> of(Provenance provenance) {
        return provenance.getOptimizerGroupsCount() > 0
                ? provenance.getOptimizerGroupsList()
                : List.of(OptimizerGroup.newBuilder()
                        .setAccumulator(provenance.getAccumulator())
                        .build());
    }

    /** The settings and the step behind one tensor. */
    public static Accumulator accumulatorOf(Provenance provenance, String tensor) {
        return provenance.getOptimizerGroupsList().stream()
                .filter(group -> group.getTensorsList().contains(tensor))
                .map(OptimizerGroup::getAccumulator)
                .findFirst()
                .orElse(provenance.getAccumulator());
    }

    /** Writes accumulators by tensor into a provenance: as one where all are equal, otherwise in groups. */
    public static void set(Provenance.Builder provenance, Map<String, Accumulator> byTensor) {
        Map<Accumulator, OptimizerGroup.Builder> groups = new LinkedHashMap<>();
        byTensor.forEach((tensor, accumulator) -> groups.computeIfAbsent(
                        accumulator, same -> OptimizerGroup.newBuilder().setAccumulator(same))
                .addTensors(tensor));
        provenance.clearOptimizerGroups().setAccumulator(common(groups.keySet()));
        if (groups.size() > 1) {
            groups.values().forEach(provenance::addOptimizerGroups);
        }
    }

    /** What all have in common. A penalty in one is a penalty in the file. */
    private static Accumulator common(Collection<Accumulator> accumulators) {
        Accumulator first = accumulators.iterator().next();
        Accumulator.Builder common = first.toBuilder();
        for (FieldDescriptor field : Accumulator.getDescriptor().getFields()) {
            if (accumulators.stream().anyMatch(other -> !isSame(first, other, field))) {
                common.clearField(field);
            }
        }
        if (accumulators.stream().anyMatch(Accumulator::getPenaltyActive)) {
            common.setPenaltyActive(true);
        }
        return common.build();
    }

    private static boolean isSame(Accumulator a, Accumulator b, FieldDescriptor field) {
        boolean bothOrNone = !field.hasPresence() || a.hasField(field) == b.hasField(field);
        return bothOrNone && a.getField(field).equals(b.getField(field));
    }

    /**
     * The groups of tensors that are made of those of a file.
     *
     * @param madeOf for each new tensor, the names in the file that it comes from
     * @throws SquisherException if one is made of tensors of different groups
     */
    public static void regroup(Provenance.Builder provenance, Map<String, ? extends Collection<String>> madeOf) {
        if (provenance.getOptimizerGroupsCount() == 0) {
            return;
        }
        Provenance old = provenance.build();
        Map<String, Accumulator> byTensor = new LinkedHashMap<>();
        madeOf.forEach((tensor, sources) -> {
            Set<Accumulator> all = new HashSet<>();
            sources.forEach(source -> all.add(accumulatorOf(old, source)));
            if (all.size() != 1) {
                throw new SquisherException("'" + tensor + "' is made of " + sources
                        + ", whose accumulators have different optimizers, decays or steps: no one correction fits it");
            }
            byTensor.put(tensor, all.iterator().next());
        });
        set(provenance, byTensor);
    }

    /** How messages call a group: its optimizer, and the first of its tensors. */
    public static String describe(OptimizerGroup group) {
        List<String> tensors = group.getTensorsList();
        List<String> named = new ArrayList<>();
        tensors.stream().limit(NAMED).forEach(tensor -> named.add("'" + tensor + "'"));
        String optimizer = group.getAccumulator().getOptimizer();
        String more = tensors.size() > NAMED ? " and " + (tensors.size() - NAMED) + " more" : "";
        return (optimizer.isEmpty() ? "an unnamed optimizer" : optimizer) + " over " + String.join(", ", named) + more;
    }

    /** What is wrong with the groups of a file that has these tensors; empty if each is in exactly one. */
    static Optional<String> problem(Provenance provenance, Set<String> tensors) {
        if (provenance.getOptimizerGroupsCount() == 0) {
            return Optional.empty();
        }
        Set<String> seen = new HashSet<>();
        for (OptimizerGroup group : provenance.getOptimizerGroupsList()) {
            for (String tensor : group.getTensorsList()) {
                if (!seen.add(tensor)) {
                    return Optional.of("tensor '" + tensor + "' is in two optimizer groups");
                }
            }
        }
        return tensors.stream()
                .filter(tensor -> !seen.contains(tensor))
                .findFirst()
                .map(tensor -> "tensor '" + tensor + "' is in no optimizer group");
    }
}
