package io.squisher.apps.convert;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.tensor.Shape;
import io.squisher.weights.Renaming;
import io.squisher.weights.WrapperNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names of a conversion: those of the model's file, where wrappers changed the checkpoint's, without a prefix that is not wanted. */
final class ConvertedNames {
    private final Optional<String> prefix;
    private final List<String> notes;
    private final Map<String, String> inWeights = new LinkedHashMap<>();

    ConvertedNames(Optional<String> prefix, List<String> notes) {
        this.prefix = prefix;
        this.notes = notes;
    }

    /** The parameters in the order of a list whose names wrappers may have changed. */
    Parameters inOrderOf(List<String> listed, Parameters parameters) {
        Map<String, Shape> reference = new LinkedHashMap<>();
        parameters.tensors().keySet().forEach(name -> reference.put(name, Shape.of()));
        Map<String, Shape> given = new LinkedHashMap<>();
        listed.forEach(name -> given.put(name, Shape.of()));
        Optional<Renaming> renaming = prefix.isPresent()
                ? WrapperNames.between(reference, given, prefix.get())
                : WrapperNames.between(reference, given, true);
        renaming.ifPresent(
                found -> notes.add("the names of the list are those of " + parameters.label() + " " + found.words()));
        return parameters.inOrderOf(
                renaming.map(found -> listed.stream().map(found::of).toList()).orElse(listed));
    }

    /** The pairings under the names that are written. */
    List<Pairing> of(List<Pairing> pairings, OptimizerState state, Optional<Parameters> model) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        pairings.forEach(pairing -> shapes.put(
                pairing.parameter(), pairing.slot().accumulator().orElseThrow().shape()));
        Optional<Renaming> wrapped = state.isNamed()
                ? model.flatMap(parameters -> WrapperNames.between(shapes(parameters), shapes, true))
                : Optional.empty();
        wrapped.ifPresent(found -> notes.add("the names of the checkpoint are those of "
                + model.orElseThrow().label() + " " + found.words()));
        List<Pairing> named = new ArrayList<>();
        pairings.forEach(pairing -> named.add(new Pairing(
                pairing.slot(),
                wrapped.map(found -> found.of(pairing.parameter())).orElse(pairing.parameter()),
                pairing.reason())));
        return stripped(named);
    }

    private List<Pairing> stripped(List<Pairing> pairings) {
        Collection<String> names = pairings.stream().map(Pairing::parameter).toList();
        Renaming renaming =
                prefix.map(text -> WrapperNames.without(text, names)).orElse(new Renaming(Map.of(), ""));
        if (prefix.isPresent() && renaming.names().isEmpty()) {
            throw new SquisherException("no parameter's name begins with '" + prefix.get() + "' (--strip-prefix)"
                    + names.stream()
                            .findFirst()
                            .map(name -> "; one is '" + name + "'")
                            .orElse(""));
        }
        prefix.ifPresent(text -> notes.add("the names are those of the checkpoint " + renaming.words()));
        names.forEach(name -> inWeights.put(renaming.of(name), name));
        return pairings.stream()
                .map(pairing -> new Pairing(pairing.slot(), renaming.of(pairing.parameter()), pairing.reason()))
                .toList();
    }

    /** What the file of the weights calls a parameter. */
    String inWeights(String name) {
        return inWeights.getOrDefault(name, name);
    }

    private static Map<String, Shape> shapes(Parameters parameters) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        parameters.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }
}
