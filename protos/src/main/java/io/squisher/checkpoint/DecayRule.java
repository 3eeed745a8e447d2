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
 * How programs split the parameters into two groups, with weight decay and without, each in the model's order. Hugging Face's Trainer puts
 * those with weight decay first, timm last. Lists of what is not decayed changed between versions; the classes of layers are not
 * in a checkpoint, so layer normalizations are recognised by name.
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
    BY_RANK("groups with and without weight decay (matrices and the rest)", null),
    /** First everything of rank below 2, biases, and what models of timm list themselves: tokens and embeddings of positions. */
    TIMM(
            "groups without and with weight decay (timm)",
            Pattern.compile(
                    "\\.bias$|(^|\\.)(cls|dist|reg|mask)_token(s)?$|(^|\\.)(absolute_)?pos_embed\\w*$|relative_position_bias_table$"));

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
     * The parameters in the order of the optimizer's two groups, if the groups look like this rule's: sizes, all shapes and which of
     * them has no weight decay as the rule makes them.
     */
    Optional<List<String>> order(List<Slot> slots, Map<String, Tensor> parameters) {
        Predicate<String> inFirst = this == TIMM
                ? name -> !isDecayed(name, parameters.get(name))
                : name -> isDecayed(name, parameters.get(name));
        List<String> first = parameters.keySet().stream().filter(inFirst).toList();
        List<String> all = new ArrayList<>(first);
        parameters.keySet().stream().filter(inFirst.negate()).forEach(all::add);
        boolean fits = all.size() == slots.size();
        for (int i = 0; fits && i < all.size(); i++) {
            Slot slot = slots.get(i);
            fits = slot.fits(parameters.get(all.get(i)))
                    && slot.group() == (i < first.size() ? 0 : 1)
                    && fitsDecay(slot, i < first.size());
        }
        return fits ? Optional.of(all) : Optional.empty();
    }

    /** The Trainer's first group may have a decay of 0 too; timm makes two groups only if there is one. */
    private boolean fitsDecay(Slot slot, boolean inFirst) {
        return this == TIMM ? slot.decayed() != inFirst : inFirst || !slot.decayed();
    }

    private boolean isDecayed(String name, Tensor parameter) {
        boolean listed = notDecayed != null
                && notDecayed.matcher(name.toLowerCase(Locale.ROOT)).find();
        boolean byRank = this == BY_RANK || this == TIMM;
        return !listed && (!byRank || parameter.shape().rank() >= 2);
    }
}
