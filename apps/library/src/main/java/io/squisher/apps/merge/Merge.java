package io.squisher.apps.merge;

import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.ContentHash;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plans the merge of models into one shaped like the first: parameters by the method, statistics by the average,
 * constants from the first model.
 */
public final class Merge {
    private final List<MergeInput> models;
    private final MergeMethod method;
    private final MergeOptions options;
    private final Problems problems = new Problems("cannot merge");
    private final List<String> warnings = new ArrayList<>();

    private Merge(List<MergeInput> models, MergeMethod method, MergeOptions options) {
        this.models = List.copyOf(models);
        this.method = method;
        this.options = options;
    }

    /**
     * Checks everything against everything and returns what is to be written.
     *
     * @param models at least two; the first gives the output its tensors, types and format
     * @throws io.squisher.SquisherException with all problems at once
     */
    public static MergePlan plan(List<MergeInput> models, MergeMethod method, MergeOptions options) {
        return new Merge(models, method, options).plan();
    }

    private MergePlan plan() {
        checkModels();
        Map<String, Treatment> treatments = treatments();
        Set<String> merged = named(treatments, Treatment.MERGED);
        if (merged.isEmpty()) {
            problems.add("no parameter is left to merge" + (options.exclude().isPresent() ? "; see --exclude" : ""));
        }
        checkShares(treatments);
        method.check(models, problems);
        checkTensors(treatments);
        checkFishers(merged);
        problems.throwIfAny();

        MergeMethod.Prepared prepared = method.prepare(models, merged);
        warnings.addAll(prepared.warnings());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        merged.forEach(name -> tensors.put(name, prepared.merge().of(name)));
        named(treatments, Treatment.AVERAGED).forEach(name -> tensors.put(name, AverageMethod.average(models, name)));
        options.type().ifPresent(type -> convert(treatments.keySet(), tensors, type));
        Map<String, String> metadata = MergeMetadata.of(models, method, options, prepared.remarks());
        return new MergePlan(treatments, tensors, metadata, warnings, prepared.weight());
    }

    /** Gives every floating-point tensor of the output another type. */
    private void convert(Set<String> names, Map<String, Tensor> tensors, ElementType type) {
        WeightSource first = models.get(0).weights();
        for (String name : names) {
            Tensor tensor = tensors.getOrDefault(name, first.tensor(name));
            if (tensor.type().isFloating() && tensor.type() != type) {
                TensorSpec spec = new TensorSpec(type, tensor.shape());
                tensors.put(
                        name,
                        new ComputedTensor(
                                spec,
                                List.of(tensor),
                                (start, count, inputs, output) -> System.arraycopy(inputs[0], 0, output, 0, count)));
            }
        }
    }

    private void checkModels() {
        if (models.size() < 2) {
            problems.add("a merge needs at least two models, got " + models.size());
        }
        for (MergeInput model : models) {
            for (ModelWeight.Rule rule : model.share().rules()) {
                if (!(rule.value() >= 0) || Double.isInfinite(rule.value())) {
                    problems.add(
                            "a weight of '" + model.label() + "' is " + rule.value() + "; weights are not negative");
                }
            }
        }
        problems.throwIfAny();
    }

    private void checkShares(Map<String, Treatment> treatments) {
        List<String> weightless = treatments.entrySet().stream()
                .filter(entry -> entry.getValue() != Treatment.COPIED)
                .map(Map.Entry::getKey)
                .filter(name -> models.stream().allMatch(model -> model.share().in(name) == 0))
                .toList();
        if (!weightless.isEmpty()) {
            problems.add("the weights of all models are 0 for " + FisherCheck.list(weightless));
        }
    }

    private Map<String, Treatment> treatments() {
        Map<String, Treatment> treatments = new LinkedHashMap<>();
        WeightSource first = models.get(0).weights();
        for (String name : first.names()) {
            Role role = role(first, name);
            boolean floating = first.tensor(name).type().isFloating();
            if (role == Role.CONSTANT || !floating) {
                treatments.put(name, Treatment.COPIED);
            } else if (options.isExcluded(name)) {
                boolean average = options.excluded() == MergeOptions.Excluded.AVERAGE;
                treatments.put(name, average ? Treatment.AVERAGED : Treatment.COPIED);
            } else {
                treatments.put(name, role == Role.STATISTIC ? Treatment.AVERAGED : Treatment.MERGED);
            }
        }
        return treatments;
    }

    /** A format without roles calls everything a parameter; there the Fishers know better. */
    private Role role(WeightSource source, String name) {
        Role role = source.role(name);
        if (role != Role.PARAMETER) {
            return role;
        }
        return models.stream()
                .flatMap(model -> model.fisher().stream())
                .map(fisher -> fisher.diagonal().role(name))
                .filter(told -> told != Role.PARAMETER)
                .findFirst()
                .orElse(role);
    }

    private static Set<String> named(Map<String, Treatment> treatments, Treatment treatment) {
        Set<String> names = new LinkedHashSet<>();
        treatments.forEach((name, given) -> {
            if (given == treatment) {
                names.add(name);
            }
        });
        return names;
    }

    private void checkTensors(Map<String, Treatment> treatments) {
        WeightSource first = models.get(0).weights();
        List<MergeInput> others = new ArrayList<>(models.subList(1, models.size()));
        others.addAll(method.references());
        for (MergeInput model : others) {
            WeightSource other = model.weights();
            List<String> missing = new ArrayList<>();
            List<String> unlike = new ArrayList<>();
            treatments.forEach((name, treatment) -> {
                if (treatment == Treatment.COPIED) {
                    compareCopied(name, other);
                } else if (!other.names().contains(name)) {
                    missing.add(name);
                } else if (!other.tensor(name).type().isFloating()
                        || !other.tensor(name).shape().equals(first.tensor(name).shape())) {
                    unlike.add("'" + name + "' " + TensorSpec.of(first.tensor(name)) + " and "
                            + TensorSpec.of(other.tensor(name)));
                }
            });
            List<String> extra = other.names().stream()
                    .filter(name -> !treatments.containsKey(name))
                    .filter(name -> !options.isExcluded(name) && role(other, name) == Role.PARAMETER)
                    .toList();
            report(first, other, new Differences(missing, extra, unlike));
        }
    }

    private record Differences(List<String> missing, List<String> extra, List<String> unlike) {}

    private void report(WeightSource first, WeightSource other, Differences differences) {
        String way = "; only models of one architecture can be merged, heads can be left out with --exclude";
        if (!differences.missing().isEmpty()) {
            problems.add("'" + other.path() + "' lacks the tensors " + FisherCheck.list(differences.missing()) + " of '"
                    + first.path() + "'" + way);
        }
        if (!differences.extra().isEmpty()) {
            problems.add("'" + other.path() + "' has the tensors " + FisherCheck.list(differences.extra()) + " that '"
                    + first.path() + "' lacks" + way);
        }
        if (!differences.unlike().isEmpty()) {
            problems.add("'" + first.path() + "' and '" + other.path() + "' differ in shape or type: "
                    + String.join("; ", differences.unlike()) + way);
        }
    }

    private void compareCopied(String name, WeightSource other) {
        WeightSource first = models.get(0).weights();
        if (options.isExcluded(name) || role(first, name) == Role.PARAMETER) {
            return;
        }
        if (!other.names().contains(name) || !sameContent(name, first, other)) {
            warnings.add("the constant '" + name + "' differs between '" + first.path() + "' and '" + other.path()
                    + "'; the first model's is kept");
        }
    }

    private static boolean sameContent(String name, WeightSource a, WeightSource b) {
        List<String> names = List.of(name);
        return ContentHash.of(names, a::tensor).equals(ContentHash.of(names, b::tensor));
    }

    private void checkFishers(Set<String> merged) {
        FisherCheck check = new FisherCheck(problems, options.allowOtherModel());
        List<MergeInput> all = new ArrayList<>(models);
        all.addAll(method.references());
        for (MergeInput model : all) {
            if (model.fisher().isPresent()) {
                NamedFisher fisher = model.fisher().get();
                List<String> needed = merged.stream()
                        .filter(name -> model.weights().names().contains(name))
                        .toList();
                check.check(model.weights(), fisher, needed);
            }
        }
    }
}
