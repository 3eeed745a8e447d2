package io.squisher.apps.plan;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Checks that a Fisher covers a model's parameters and was made for these weights. */
public final class FisherCheck {
    private final Problems problems;
    private final boolean allowOtherModel;

    /**
     * A check that reports to {@code problems}.
     *
     * @param allowOtherModel whether a Fisher made for other weights of the same shapes is let pass
     */
    public FisherCheck(Problems problems, boolean allowOtherModel) {
        this.problems = problems;
        this.allowOtherModel = allowOtherModel;
    }

    /**
     * Checks names, shapes, types, and the content hash.
     *
     * @param needed the tensors for which the Fisher is wanted
     */
    public void check(WeightSource model, NamedFisher fisher, Collection<String> needed) {
        String pair = "'" + fisher.label() + "' and '" + model.path() + "'";
        FisherDiagonal diagonal = fisher.diagonal();
        List<String> missing =
                needed.stream().filter(name -> !diagonal.names().contains(name)).toList();
        List<String> extra = diagonal.names().stream()
                .filter(name -> !model.names().contains(name))
                .toList();
        if (!missing.isEmpty()) {
            problems.add("'" + fisher.label() + "' lacks the parameters " + list(missing) + " of '" + model.path()
                    + "'; leave them out with --exclude, or pass the Fisher of this model");
        }
        if (!extra.isEmpty()) {
            problems.add("'" + fisher.label() + "' has the tensors " + list(extra) + " that '" + model.path()
                    + "' lacks; pass the Fisher of this model");
        }
        List<String> unlike = unlike(model, diagonal);
        if (!unlike.isEmpty()) {
            problems.add(pair + " differ in shape: " + String.join("; ", unlike));
        }
        if (missing.isEmpty() && extra.isEmpty() && unlike.isEmpty()) {
            checkHash(model, fisher);
        }
    }

    private static List<String> unlike(WeightSource model, FisherDiagonal diagonal) {
        List<String> unlike = new ArrayList<>();
        for (String name : diagonal.names()) {
            if (model.names().contains(name)) {
                Tensor sensitivity = diagonal.tensor(name);
                Tensor weights = model.tensor(name);
                if (!sensitivity.shape().equals(weights.shape())
                        || !sensitivity.type().isFloating()) {
                    unlike.add("'" + name + "' " + TensorSpec.of(sensitivity) + " and " + TensorSpec.of(weights));
                }
            }
        }
        return unlike;
    }

    private void checkHash(WeightSource model, NamedFisher fisher) {
        String expected = fisher.diagonal().provenance().getWeightsHash();
        if (expected.isEmpty() || allowOtherModel) {
            return;
        }
        String actual = fisher.diagonal().hashOf(model::tensor);
        if (!actual.equals(expected)) {
            problems.add(
                    "'" + fisher.label() + "' belongs to other weights than those in '" + model.path() + "' (made for "
                            + abbreviate(expected) + ", these are " + abbreviate(actual)
                            + "); pass the Fisher of this model, or --allow-other-model if they are meant to differ");
        }
    }

    private static String abbreviate(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }

    /** Names in quotes, separated by commas. */
    public static String list(Collection<String> names) {
        return "'" + String.join("', '", names) + "'";
    }
}
