package io.squisher.fisher;

import io.squisher.Counted;
import io.squisher.OneLine;
import io.squisher.SquisherException;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.ContentHash;
import io.squisher.weights.Renaming;
import io.squisher.weights.Role;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The diagonal of a Fisher information matrix, or something that stands for it: for each parameter of a model a
 * non-negative tensor of the parameter's shape, and where the numbers come from. Immutable, and safe for several threads; the
 * values may be in a file, which must be open while they are read.
 */
public final class FisherDiagonal {
    /** As many tensors are named in the text of a diagonal. */
    private static final int SHOWN = 3;

    private final Map<String, Tensor> tensors;
    private final Map<String, Role> roles;
    private final Provenance provenance;
    private final Map<String, String> storedNames;

    /** A diagonal of parameters alone. */
    public FisherDiagonal(Map<String, Tensor> tensors, Provenance provenance) {
        this(tensors, Map.of(), provenance);
    }

    /**
     * A diagonal of the tensors by parameter name.
     *
     * @param roles the roles of those that are not parameters
     */
    public FisherDiagonal(Map<String, Tensor> tensors, Map<String, Role> roles, Provenance provenance) {
        this(tensors, roles, provenance, Map.of());
    }

    private FisherDiagonal(
            Map<String, Tensor> tensors,
            Map<String, Role> roles,
            Provenance provenance,
            Map<String, String> storedNames) {
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        this.roles = Map.copyOf(roles);
        this.provenance = provenance;
        this.storedNames = Map.copyOf(storedNames);
    }

    /** The same diagonal under the names that another file has for its parameters. */
    public FisherDiagonal renamed(Renaming renaming) {
        Map<String, List<String>> madeOf = new LinkedHashMap<>();
        names().forEach(name -> madeOf.put(renaming.of(name), List.of(name)));
        Provenance.Builder regrouped = provenance.toBuilder();
        OptimizerGroups.regroup(regrouped, madeOf);
        SamplingErrorNames.regroup(regrouped, madeOf);
        Map<String, String> stored = new LinkedHashMap<>();
        names().forEach(name -> stored.put(renaming.of(name), storedName(name)));
        return new FisherDiagonal(renaming.of(tensors), renaming.of(roles), regrouped.build(), stored);
    }

    /** What the file calls a parameter, over whose names {@link Provenance#getWeightsHash} goes. */
    public String storedName(String name) {
        return storedNames.getOrDefault(name, name);
    }

    /** The content hash of {@code weights}, which have this diagonal's names, to compare with that of the provenance. */
    public String hashOf(Function<String, Tensor> weights) {
        Map<String, String> byStored = new LinkedHashMap<>();
        names().forEach(name -> byStored.put(storedName(name), name));
        return ContentHash.of(byStored.keySet(), stored -> weights.apply(byStored.get(stored)));
    }

    /** The names of the parameters, in order. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** All tensors by name, in order. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * The diagonal of one parameter.
     *
     * @throws SquisherException if there is none of that name
     */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new SquisherException("the Fisher has no tensor '" + name + "'");
        }
        return tensor;
    }

    public Role role(String name) {
        return roles.getOrDefault(name, Role.PARAMETER);
    }

    /** Roles of the tensors that are not parameters. */
    public Map<String, Role> roles() {
        return roles;
    }

    public Provenance provenance() {
        return provenance;
    }

    /** The kind, the tensors with their shapes, and what the numbers come from, in one line. */
    @Override
    public String toString() {
        long entries = tensors.values().stream().mapToLong(Tensor::size).sum();
        String shapes = tensors.entrySet().stream()
                .limit(SHOWN)
                .map(entry -> entry.getKey() + " " + TensorSpec.of(entry.getValue()))
                .collect(Collectors.joining(", "));
        return OneLine.of(ProvenanceText.of(provenance) + ": " + Counted.of(tensors.size(), "tensor") + ", "
                + Counted.of(entries, "entry", "entries")
                + (shapes.isEmpty() ? "" : " (" + shapes + (tensors.size() > SHOWN ? ", …" : "") + ")"));
    }
}
