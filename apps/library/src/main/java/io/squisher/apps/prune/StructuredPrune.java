package io.squisher.apps.prune;

import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Plans structured pruning: of n units round(sparsity · n) go, those of the smallest summed statistic, but no group loses
 * its last. A unit that is gone has zeros in its own parameters and in the weights that read it; a network from which it
 * is taken out altogether computes the same.
 */
public final class StructuredPrune {
    private final WeightSource model;
    private final StructuredOptions options;

    private StructuredPrune(WeightSource model, StructuredOptions options) {
        this.model = model;
        this.options = options;
    }

    /** The groups that take part. */
    public static List<UnitGroup> eligible(List<UnitGroup> groups, StructuredOptions options) {
        return groups.stream().filter(options::covers).toList();
    }

    /**
     * Selects what stays.
     *
     * @param groups all groups of the model
     * @param statistic what is told of the scoring in the metadata
     * @throws SquisherException if no group takes part, the Fisher belongs to other weights, or a score cannot be computed
     */
    public static StructuredPlan plan(
            WeightSource model,
            List<UnitGroup> groups,
            Scoring statistic,
            UnitScoring scoring,
            StructuredOptions options) {
        return new StructuredPrune(model, options).plan(groups, statistic, scoring);
    }

    /** How many parameters the model has with some of its tensors replaced. */
    public static long parameters(WeightSource model, Map<String, Tensor> replaced) {
        return model.names().stream()
                .filter(name -> model.role(name) == Role.PARAMETER)
                .mapToLong(name -> (replaced.containsKey(name) ? replaced.get(name) : model.tensor(name)).size())
                .sum();
    }

    private StructuredPlan plan(List<UnitGroup> groups, Scoring statistic, UnitScoring scoring) {
        List<UnitGroup> eligible = eligible(groups, options);
        Map<UnitGroup, String> left = new LinkedHashMap<>();
        for (UnitGroup group : groups) {
            if (group.kind() == options.kind() && !eligible.contains(group)) {
                left.put(group, group.obstacle().orElse("excluded"));
            }
        }
        if (eligible.isEmpty()) {
            throw new SquisherException("cannot prune '" + model.path() + "': no "
                    + options.kind().name().toLowerCase(Locale.ROOT) + " can be removed" + reasons(left));
        }
        List<String> needed = eligible.stream()
                .flatMap(group -> group.own().stream())
                .map(UnitSlice::parameter)
                .filter(name -> model.role(name) == Role.PARAMETER)
                .distinct()
                .toList();
        Prune.checkFisher(model, statistic, needed, options.allowOtherModel());
        Map<UnitGroup, BitSet> kept = new LinkedHashMap<>();
        Map<UnitGroup, double[]> scores = new LinkedHashMap<>();
        for (UnitGroup group : eligible) {
            kept.put(group, all(group));
            scores.put(group, scoring.of(group));
        }
        if (options.scope() == Scope.GLOBAL) {
            remove(scores, kept);
        } else {
            scores.forEach((group, own) -> remove(Map.of(group, own), kept));
        }
        Map<String, Tensor> masks = masks(kept);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        masks.forEach((name, mask) -> tensors.put(name, Prune.masked(model.tensor(name), mask)));
        return new StructuredPlan(kept, left, tensors, masks, metadata(statistic), statistic.warnings());
    }

    private static String reasons(Map<UnitGroup, String> left) {
        return left.isEmpty()
                ? ""
                : "; "
                        + String.join(
                                "; ",
                                left.entrySet().stream()
                                        .map(entry -> "'" + entry.getKey().name() + "': " + entry.getValue())
                                        .toList());
    }

    private static BitSet all(UnitGroup group) {
        BitSet all = new BitSet();
        all.set(0, group.count());
        return all;
    }

    private record Unit(UnitGroup group, int index, double score) {}

    /** Takes out the units of the smallest scores; of equal ones the last. */
    private void remove(Map<UnitGroup, double[]> scores, Map<UnitGroup, BitSet> kept) {
        List<Unit> units = new ArrayList<>();
        scores.forEach((group, own) -> {
            for (int index = 0; index < own.length; index++) {
                units.add(new Unit(group, index, own[index]));
            }
        });
        // The sort is stable: of equal scores those behind come first now.
        Collections.reverse(units);
        long left = Math.round(options.sparsity() * units.size());
        units.sort(Comparator.comparingDouble(Unit::score));
        for (Unit unit : units) {
            BitSet stay = kept.get(unit.group());
            if (left > 0 && stay.cardinality() > 1) {
                stay.clear(unit.index());
                left--;
            }
        }
    }

    private Map<String, Tensor> masks(Map<UnitGroup, BitSet> kept) {
        Map<String, List<Part>> parts = new LinkedHashMap<>();
        kept.forEach((group, units) -> {
            List<UnitSlice> slices = new ArrayList<>(group.own());
            if (group.isRemovable()) {
                slices.addAll(group.outgoing());
            }
            for (UnitSlice slice : slices) {
                if (model.role(slice.parameter()) == Role.PARAMETER) {
                    Shape shape = model.tensor(slice.parameter()).shape();
                    long stride = slice.stride(shape) * slice.span(shape, group.count());
                    parts.computeIfAbsent(slice.parameter(), name -> new ArrayList<>())
                            .add(new Part(stride, group.count(), units));
                }
            }
        });
        Map<String, Tensor> masks = new LinkedHashMap<>();
        parts.forEach((name, list) -> masks.put(name, mask(model.tensor(name).shape(), list)));
        return masks;
    }

    /**
     * The units along one axis of a parameter.
     *
     * @param stride elements of one unit that lie together
     */
    private record Part(long stride, int count, BitSet kept) {
        /** Writes 0 where a unit is gone. */
        void clear(long start, int elements, double[] mask) {
            for (int i = 0; i < elements; i++) {
                if (!kept.get((int) ((start + i) / stride % count))) {
                    mask[i] = 0;
                }
            }
        }
    }

    private static Tensor mask(Shape shape, List<Part> parts) {
        return new ComputedTensor(new TensorSpec(ElementType.U8, shape), List.of(), (start, count, inputs, output) -> {
            Arrays.fill(output, 0, count, 1);
            for (Part part : parts) {
                part.clear(start, count, output);
            }
        });
    }

    private Map<String, String> metadata(Scoring statistic) {
        JsonObject json = new JsonObject();
        json.addProperty("method", statistic.name());
        statistic.variant().forEach(json::addProperty);
        json.addProperty("structured", options.kind().name().toLowerCase(Locale.ROOT));
        json.addProperty("sparsity", options.sparsity());
        json.addProperty("scope", options.scope().name().toLowerCase(Locale.ROOT));
        json.addProperty("elsewhere", options.elsewhere().name().toLowerCase(Locale.ROOT));
        options.exclude().ifPresent(pattern -> json.addProperty("exclude", pattern.pattern()));
        json.addProperty("tool_version", Version.text());
        return Map.of(Prune.KEY, json.toString());
    }
}
