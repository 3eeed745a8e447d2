package io.squisher.checkpoint;

import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How Hugging Face's Trainer splits the parameters into two groups: first those with weight decay, then the rest, each in
 * the model's order. Its list of what is not decayed changed between versions; the classes of layers are not in a
 * checkpoint, so layer normalizations are recognised by name.
 */
enum DecayRule {
    /** Biases and every kind of normalization, by name. */
    BY_NAME(
            "groups with and without weight decay (Trainer, by names)",
            Pattern.compile(
                    "bias|layernorm|rmsnorm|(^|[._])norm\\d*([._]|$)|_norm([._]|$)|(^|\\.)ln_?(f|\\d+)?([._]|$)")),
    /** Names that end in bias, and parameters of layers whose name speaks of LayerNorm. */
    BIAS_AND_LAYER_NORM(
            "groups with and without weight decay (older Trainer)",
            Pattern.compile("bias|layernorm|layer_norm|(^|\\.)ln_?(f|\\d+)?([._]|$)")),
    /** Everything of rank below 2, as many training scripts do. */
    BY_RANK("groups with and without weight decay (matrices and the rest)", null);

    private final String description;
    private final Pattern notDecayed;

    DecayRule(String description, Pattern notDecayed) {
        this.description = description;
        this.notDecayed = notDecayed;
    }

    String description() {
        return description;
    }

    /**
     * The parameters in the order of the optimizer's two groups, if the groups look like this rule's: the first with, the
     * second without weight decay, sizes and all shapes as the rule makes them.
     */
    Optional<List<String>> order(List<Slot> slots, Map<String, Tensor> parameters) {
        Predicate<String> decayed = name -> notDecayed == null
                ? parameters.get(name).shape().rank() >= 2
                : !notDecayed.matcher(name.toLowerCase(Locale.ROOT)).find();
        List<String> first = parameters.keySet().stream().filter(decayed).toList();
        List<String> second =
                parameters.keySet().stream().filter(decayed.negate()).toList();
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        boolean fits = all.size() == slots.size();
        for (int i = 0; fits && i < all.size(); i++) {
            Slot slot = slots.get(i);
            boolean inFirst = i < first.size();
            fits = slot.fits(parameters.get(all.get(i)))
                    && slot.group() == (inFirst ? 0 : 1)
                    && (inFirst || !slot.decayed());
        }
        return fits ? Optional.of(all) : Optional.empty();
    }
}
