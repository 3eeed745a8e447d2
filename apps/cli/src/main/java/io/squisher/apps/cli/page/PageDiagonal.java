package io.squisher.apps.cli.page;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.ProvenanceText;
import io.squisher.fisher.Rescaling;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A diagonal as a page shows it: at the scale that all commands take, its parameters alone.
 *
 * @param name what pictures call it
 */
public record PageDiagonal(String name, NamedFisher fisher, Sensitivity sensitivity) {
    /** Gives diagonals names that tell them apart: what they are, or their files where several are the same. */
    public static List<PageDiagonal> of(List<NamedFisher> fishers, FisherScale scale) {
        List<PageDiagonal> diagonals = new ArrayList<>();
        for (NamedFisher fisher : fishers) {
            String name = name(fisher, fishers);
            long same = diagonals.stream()
                    .filter(other -> other.fisher().label().equals(fisher.label()))
                    .count();
            diagonals.add(new PageDiagonal(
                    same > 0 ? name + " (" + (same + 1) + ")" : name, fisher, sensitivity(fisher, scale)));
        }
        return diagonals;
    }

    /** What says nothing of itself, and means of absolute gradients, have no scale but their own. */
    private static Sensitivity sensitivity(NamedFisher fisher, FisherScale scale) {
        Provenance.Kind kind = fisher.diagonal().provenance().getKind();
        boolean asStored = kind == Provenance.Kind.KIND_UNSPECIFIED || kind == Provenance.Kind.ABSOLUTE;
        return asStored ? Sensitivity.asStored(fisher) : Sensitivity.of(fisher, scale);
    }

    private static String name(NamedFisher fisher, List<NamedFisher> all) {
        String method = method(fisher.diagonal());
        if (all.stream()
                        .filter(other -> method(other.diagonal()).equals(method))
                        .count()
                == 1) {
            return method;
        }
        String file = fisher.fileName();
        boolean alone =
                all.stream().filter(other -> other.fileName().equals(file)).count() == 1;
        return alone ? file.replaceFirst("\\.safetensors$", "") : fisher.label();
    }

    /** What a diagonal is in a word or two; the same word has the same colour on all pages. */
    public static String method(FisherDiagonal diagonal) {
        return switch (diagonal.provenance().getKind()) {
            case EMPIRICAL -> "Fisher";
            case EXACT -> "exact Fisher";
            case SAMPLED -> "sampled Fisher";
            case JOINT -> "joint Fisher";
            case COMBINED -> "combined Fisher";
            case ACCUMULATOR -> "Squisher";
            case ABSOLUTE -> "mean |gradient|";
            case KIND_UNSPECIFIED, UNRECOGNIZED -> "diagonal";
        };
    }

    /** The entries of its parameters, brought to scale as they are read. */
    public Map<String, Tensor> entries() {
        Map<String, Tensor> entries = new LinkedHashMap<>();
        FisherDiagonal diagonal = fisher.diagonal();
        for (String name : diagonal.names()) {
            if (diagonal.role(name) == Role.PARAMETER
                    && diagonal.tensor(name).type().isFloating()) {
                entries.put(name, sensitivity.of(name));
            }
        }
        return entries;
    }

    public List<String> warnings() {
        return rescaling().warnings();
    }

    private Rescaling rescaling() {
        return sensitivity.rescaling();
    }

    /** Where it comes from, in words. */
    public Map<String, String> provenance() {
        Provenance provenance = fisher.diagonal().provenance();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(name + ": file", fisher.label());
        facts.put(name + ": what it is", ProvenanceText.of(provenance));
        facts.put(name + ": scale", rescaling().description());
        if (!provenance.getWeightsHash().isEmpty()) {
            facts.put(name + ": made for the weights", provenance.getWeightsHash());
        }
        return facts;
    }
}
