package io.squisher.apps.map;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.fisher.SamplingErrorNames;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans mappings. */
public final class Mapping {
    private final FisherDiagonal fisher;
    private final WeightSource weights;
    private final WeightSource target;

    private Mapping(FisherDiagonal fisher, WeightSource weights, WeightSource target) {
        this.fisher = fisher;
        this.weights = weights;
        this.target = target;
    }

    /**
     * Maps {@code fisher}, which belongs to {@code weights}, to the parameters of {@code target}.
     *
     * @throws SquisherException if the Fisher belongs to other weights, or nothing of the target is found in them
     */
    public static MapPlan plan(FisherDiagonal fisher, WeightSource weights, WeightSource target) {
        return new Mapping(fisher, weights, target).plan();
    }

    private MapPlan plan() {
        checkWeights();
        Map<String, Tensor> sources = new LinkedHashMap<>();
        fisher.names().forEach(name -> sources.put(name, weights.tensor(name)));
        ValueIndex index = new ValueIndex(sources, fisher::tensor);
        List<Match> matches = new ArrayList<>();
        Map<String, String> unmatched = new LinkedHashMap<>();
        Set<String> used = new LinkedHashSet<>();
        for (String name : target.names()) {
            if (target.role(name) == Role.CONSTANT) {
                continue;
            }
            Optional<ValueIndex.Found> found = index.find(name, target.tensor(name));
            found.ifPresentOrElse(
                    match -> {
                        matches.add(new Match(name, match.words(), match.fisher(), match.sources()));
                        used.addAll(match.sources());
                    },
                    () -> unmatched.put(name, index.whyNot(name, target.tensor(name))));
        }
        if (matches.isEmpty()) {
            throw new SquisherException("no parameter of '" + target.path() + "' has the values of any tensor of '"
                    + weights.path() + "': these are two different models, or one was trained on");
        }
        List<String> unused =
                fisher.names().stream().filter(name -> !used.contains(name)).toList();
        return new MapPlan(diagonal(matches, unmatched), matches, unmatched, unused);
    }

    private void checkWeights() {
        for (String name : fisher.names()) {
            if (!weights.names().contains(name)) {
                throw new SquisherException("'" + weights.path() + "' has no tensor '" + name
                        + "', which the Fisher has: give the weights that the Fisher belongs to");
            }
            if (!weights.tensor(name).shape().equals(fisher.tensor(name).shape())) {
                throw new SquisherException(
                        "'" + name + "' is " + weights.tensor(name).shape() + " in '" + weights.path() + "' and "
                                + fisher.tensor(name).shape() + " in the Fisher");
            }
        }
        String hash = fisher.provenance().getWeightsHash();
        if (!hash.isEmpty() && !hash.equals(fisher.hashOf(weights::tensor))) {
            throw new SquisherException("the Fisher belongs to other weights than those in '" + weights.path() + "'");
        }
    }

    private FisherDiagonal diagonal(List<Match> matches, Map<String, String> unmatched) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Role> roles = new HashMap<>();
        Map<String, List<String>> madeOf = new LinkedHashMap<>();
        for (Match match : matches) {
            tensors.put(match.target(), match.fisher());
            madeOf.put(match.target(), match.sources());
            if (target.role(match.target()) != Role.PARAMETER) {
                roles.put(match.target(), target.role(match.target()));
            }
        }
        Provenance.Builder provenance = fisher.provenance().toBuilder()
                .setToolVersion(Version.text())
                .setWeightsHash(ContentHash.of(tensors.keySet(), target::tensor))
                .addNotes("mapped by value to the parameters of '"
                        + target.path().toAbsolutePath().getFileName() + "'");
        OptimizerGroups.regroup(provenance, madeOf);
        SamplingErrorNames.regroup(provenance, madeOf);
        if (!unmatched.isEmpty()) {
            provenance.addNotes(Counted.of(unmatched.size(), "parameter") + " of that model without counterpart");
        }
        return new FisherDiagonal(tensors, roles, provenance.build());
    }
}
