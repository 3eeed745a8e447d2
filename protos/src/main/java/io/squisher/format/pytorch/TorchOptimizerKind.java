package io.squisher.format.pytorch;

import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.format.pickle.PickleSequence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An optimizer, known by what it keeps for a parameter and by the settings of its groups; the class is not in the file. What it may
 * keep beside the squares is a closed list: optimizers that others derive from Adam keep its names with another meaning, and
 * something of their own beside them.
 *
 * @param family a usable one
 * @param slot the squared gradients
 * @param decaySetting where the decay of the average is among the settings; empty for a running sum
 * @param addsDecayToGradient whether weight decay may be part of the gradient that is squared
 */
public record TorchOptimizerKind(
        OptimizerFamily family, String slot, String decaySetting, boolean addsDecayToGradient) {
    private static final String ADAM_SLOT = "exp_avg_sq";

    /** bitsandbytes' name of the second state of an optimizer with two. */
    private static final String BLOCK_SLOT = "state2";

    /** Averages over rows, which Adafactor keeps beside those over columns: of Transformers, and of PyTorch. */
    private static final String ROW_SLOT = "exp_avg_sq_row";

    private static final String TORCH_ROW_SLOT = "row_var";

    /** What an Adam may keep beside its squares: averages, copies of parameters, and errors of rounding. */
    private static final Set<String> BESIDE_ADAM = Set.of(
            "step",
            "exp_avg",
            ADAM_SLOT,
            "max_exp_avg_sq",
            "mu_product",
            "master_param",
            "slow_buffer",
            "slow_param",
            "cached_params",
            "exp_avg_slow",
            "exp_avg_fast",
            "exp_avg_lr",
            "kahan_comp",
            "shift",
            "z");

    private static final Map<String, Set<String>> BESIDE = Map.of(
            ADAM_SLOT,
            BESIDE_ADAM,
            BLOCK_SLOT,
            Set.of("step", "state1", BLOCK_SLOT, "unorm_vec", "qmap1", "qmap2", "absmax1", "absmax2"),
            ROW_SLOT,
            Set.of("step", "exp_avg", ADAM_SLOT, ROW_SLOT, "exp_avg_sq_col", "RMS"),
            TORCH_ROW_SLOT,
            Set.of("step", TORCH_ROW_SLOT, "col_var", "variance"),
            "square_avg",
            Set.of("step", "square_avg", "acc_delta", "momentum_buffer", "grad_avg"),
            "sum",
            Set.of("step", "sum"));

    /** bitsandbytes gives every optimizer the settings of its AdEMAMix. */
    private static final Set<String> BLOCK_SETTINGS = Set.of("alpha", "t_alpha", "t_beta3");

    /** Settings that PyTorch's own optimizers and its common relatives have, and programs that schedule a training. */
    private static final Set<String> KNOWN_SETTINGS = Set.of(
            "params",
            "param_names",
            "lr",
            "initial_lr",
            "max_lr",
            "min_lr",
            "betas",
            "eps",
            "weight_decay",
            "amsgrad",
            "maximize",
            "foreach",
            "capturable",
            "differentiable",
            "fused",
            "decoupled_weight_decay",
            "momentum_decay",
            "name",
            "group_name",
            "step",
            "bias_correction",
            "correct_bias",
            "lr_scale",
            "lr_mult",
            "wd_mult");

    /** Marks of an optimizer that is refused: state keys or settings that it alone has. */
    private record Mark(OptimizerFamily family, Set<String> keys, Set<String> settings) {
        boolean fits(Set<String> kept, Map<?, ?> group) {
            return keys.stream().anyMatch(kept::contains) || settings.stream().anyMatch(group::containsKey);
        }
    }

    private static final List<Mark> REFUSED = List.of(
            new Mark(OptimizerFamily.CAME, Set.of("exp_avg_res_row"), Set.of()),
            new Mark(
                    OptimizerFamily.ADAFACTOR,
                    Set.of(ROW_SLOT, "exp_avg_sq_R", "exp_avg_sq_r", TORCH_ROW_SLOT),
                    Set.of("scale_parameter", "beta2_decay")),
            new Mark(OptimizerFamily.SOAP, Set.of("GG", "Q"), Set.of("shampoo_beta", "precondition_frequency")),
            new Mark(OptimizerFamily.SHAMPOO, Set.of("preconds", "inv_precond_0", "precond_0"), Set.of()),
            new Mark(OptimizerFamily.ADAN, Set.of("exp_avg_diff", "neg_pre_grad", "pre_grad"), Set.of("no_prox")),
            new Mark(OptimizerFamily.PRODIGY, Set.of("p0"), Set.of("d_max", "d_coef", "d_hat")),
            new Mark(OptimizerFamily.D_ADAPTATION, Set.of(), Set.of("d0", "numerator_weighted")),
            new Mark(OptimizerFamily.MARS, Set.of("last_grad"), Set.of("mars_type")),
            new Mark(OptimizerFamily.GALORE, Set.of("projector"), Set.of("update_proj_gap")),
            new Mark(OptimizerFamily.NOVOGRAD, Set.of(), Set.of("init_zero")),
            new Mark(OptimizerFamily.MUON, Set.of(), Set.of("ns_steps", "use_muon")),
            new Mark(OptimizerFamily.YOGI, Set.of(), Set.of("initial_accumulator")),
            new Mark(OptimizerFamily.ADABELIEF, Set.of("exp_avg_var"), Set.of()),
            new Mark(OptimizerFamily.SOPHIA, Set.of("hessian"), Set.of()),
            new Mark(OptimizerFamily.ADAHESSIAN, Set.of("exp_hessian_diag_sq"), Set.of("hessian_power")),
            new Mark(OptimizerFamily.ADAMAX, Set.of("exp_inf"), Set.of()),
            new Mark(OptimizerFamily.RPROP, Set.of(), Set.of("etas", "step_sizes")),
            new Mark(OptimizerFamily.ASGD, Set.of(), Set.of("lambd")),
            new Mark(OptimizerFamily.LBFGS, Set.of("old_dirs"), Set.of("history_size")));

    /**
     * The optimizer of a state.
     *
     * @param keys the names of what it keeps for some parameter
     * @param group the settings of its first group
     * @return empty where it keeps no squares of gradients; then {@link #whyNot} says why
     */
    public static Optional<TorchOptimizerKind> of(Set<String> keys, Map<?, ?> group) {
        return family(keys, group)
                .filter(kind -> unknown(kind, keys).isEmpty()
                        && otherDecays(kind, group).isEmpty());
    }

    private static Optional<TorchOptimizerKind> family(Set<String> keys, Map<?, ?> group) {
        Optional<OptimizerFamily> mark = mark(keys, group);
        if (mark.isPresent()) {
            return mark.filter(family -> family == OptimizerFamily.ADAFACTOR).flatMap(family -> adafactor(keys, group));
        }
        if (keys.contains(ADAM_SLOT)) {
            return Optional.of(adamFamily(ADAM_SLOT, keys, group));
        }
        if (keys.contains(BLOCK_SLOT)) {
            return Optional.of(adamFamily(BLOCK_SLOT, keys, group));
        }
        if (keys.contains("square_avg")) {
            boolean adadelta = keys.contains("acc_delta");
            return Optional.of(new TorchOptimizerKind(
                    adadelta ? OptimizerFamily.ADADELTA : OptimizerFamily.RMSPROP,
                    "square_avg",
                    adadelta ? "rho" : "alpha",
                    true));
        }
        if (keys.contains("sum") && (group.containsKey("lr_decay") || group.containsKey("initial_accumulator_value"))) {
            return Optional.of(new TorchOptimizerKind(OptimizerFamily.ADAGRAD, "sum", "", true));
        }
        return Optional.empty();
    }

    /** Factors over the last two axes; timm's newer one chooses its axes by their lengths. */
    private static Optional<TorchOptimizerKind> adafactor(Set<String> keys, Map<?, ?> group) {
        boolean torch = keys.contains(TORCH_ROW_SLOT) || keys.contains("variance");
        String slot = torch ? TORCH_ROW_SLOT : ROW_SLOT;
        boolean known = torch || keys.contains(ROW_SLOT) || keys.contains(ADAM_SLOT);
        return known && !group.containsKey("min_dim_size_to_factor")
                ? Optional.of(new TorchOptimizerKind(OptimizerFamily.ADAFACTOR, slot, "", false))
                : Optional.empty();
    }

    /** Where a parameter that is no matrix has its squares. */
    String slotOfVectors() {
        return slot.equals(ROW_SLOT) ? ADAM_SLOT : slot.equals(TORCH_ROW_SLOT) ? "variance" : slot;
    }

    /** Whether the squares stand in the slot as they are: neither quantized nor factored. */
    public boolean isPlain(Set<String> keys) {
        return family != OptimizerFamily.ADAFACTOR && !isQuantized(keys);
    }

    private static Optional<OptimizerFamily> mark(Set<String> keys, Map<?, ?> group) {
        return REFUSED.stream()
                .filter(mark -> mark.fits(keys, group))
                .map(Mark::family)
                .findFirst();
    }

    /** What an optimizer of this kind does not keep. */
    private static Set<String> unknown(TorchOptimizerKind kind, Set<String> keys) {
        Set<String> unknown = new TreeSet<>(keys);
        unknown.removeAll(BESIDE.get(kind.slot()));
        return unknown;
    }

    /** Adam has two decays, AdEMAMix one more for its slow mean; the meaning of others is not known. */
    private static List<Object> otherDecays(TorchOptimizerKind kind, Map<?, ?> group) {
        boolean two = !(group.get("betas") instanceof PickleSequence betas)
                || betas.items().size() == 2;
        return two || kind.family() == OptimizerFamily.ADEMAMIX
                ? List.of()
                : ((PickleSequence) group.get("betas")).items();
    }

    private static TorchOptimizerKind adamFamily(String slot, Set<String> keys, Map<?, ?> group) {
        boolean coupled = !Boolean.TRUE.equals(group.get("decoupled_weight_decay"));
        OptimizerFamily family;
        if (keys.contains("mu_product") || group.containsKey("momentum_decay")) {
            return new TorchOptimizerKind(OptimizerFamily.NADAM, slot, "betas", true);
        } else if (keys.contains("z") || group.containsKey("weight_sum")) {
            return new TorchOptimizerKind(OptimizerFamily.SCHEDULE_FREE, slot, "betas", false);
        } else if (keys.contains("exp_avg_slow") || group.containsKey("t_alpha_beta3")) {
            return new TorchOptimizerKind(OptimizerFamily.ADEMAMIX, slot, "betas", false);
        } else if (group.containsKey("max_grad_norm") || group.containsKey("trust_clip")) {
            family = OptimizerFamily.LAMB;
        } else if (group.containsKey("final_lr")) {
            family = OptimizerFamily.ADABOUND;
        } else if (keys.contains("slow_buffer")) {
            family = OptimizerFamily.RANGER;
        } else if (group.containsKey("decoupled_weight_decay") && !group.containsKey("amsgrad")) {
            family = OptimizerFamily.RADAM;
        } else if (group.containsKey("amsgrad")) {
            // Adam and AdamW keep the same state under the same settings.
            family = coupled ? OptimizerFamily.ADAM : OptimizerFamily.ADAMW;
        } else if (group.containsKey("betas") && !group.containsKey("weight_decay")) {
            family = OptimizerFamily.SPARSE_ADAM;
        } else {
            family = OptimizerFamily.ADAM_LIKE;
        }
        return new TorchOptimizerKind(family, slot, "betas", coupled);
    }

    private static boolean isQuantized(Set<String> keys) {
        return keys.stream().anyMatch(key -> key.startsWith("qmap") || key.startsWith("absmax"));
    }

    /** Why an optimizer with these keys cannot be converted. */
    public static String whyNot(Set<String> keys, Map<?, ?> group) {
        if (isQuantized(keys)) {
            return "it is of an 8-bit optimizer, whose squares are not found as state2 with qmap2 and absmax2; save it from a"
                    + " 32-bit one";
        }
        if (keys.isEmpty()) {
            return emptyState(group);
        }
        Optional<OptimizerFamily> refused = mark(keys, group);
        if (refused.isPresent()) {
            return refused.get().refusal();
        }
        Optional<TorchOptimizerKind> kind = family(keys, group);
        if (kind.isPresent() && unknown(kind.get(), keys).isEmpty()) {
            return "its optimizer has the decays " + otherDecays(kind.get(), group)
                    + ", where Adam has two, so that it is another optimizer, whose '"
                    + kind.get().slot()
                    + "' may mean something else; train with Adam, or compute the Fisher with 'squisher fisher'";
        }
        if (kind.isPresent()) {
            return "its optimizer keeps " + String.join(", ", unknown(kind.get(), keys)) + " beside '"
                    + kind.get().slot() + "', which " + kind.get().optimizer()
                    + " does not, so that it is another optimizer, whose '"
                    + kind.get().slot()
                    + "' may mean something else; train with Adam, or compute the Fisher with 'squisher fisher'";
        }
        if (keys.contains("momentum_buffer")) {
            return OptimizerFamily.SGD.refusal();
        }
        return "its optimizer keeps " + String.join(", ", keys)
                + ", none of which is an accumulator of squared gradients";
    }

    /** An optimizer without state: its settings tell SGD, which keeps none, from one that was not stepped. */
    private static String emptyState(Map<?, ?> group) {
        if (group.containsKey("momentum") && !group.containsKey("alpha") && !group.containsKey("betas")) {
            return OptimizerFamily.SGD.refusal();
        }
        String family = group.containsKey("betas")
                ? "Adam's family"
                : group.containsKey("alpha")
                        ? "RMSprop"
                        : group.containsKey("rho") ? "Adadelta" : group.containsKey("lr_decay") ? "Adagrad" : "";
        return "it holds no optimizer state: it was saved before the model was trained"
                + (family.isEmpty() ? "" : " (the settings are of " + family + ")") + "; save it after some steps";
    }

    /** The optimizer's name for a provenance. */
    public String optimizer() {
        return family.label();
    }

    /** Settings of a group that none of the optimizers of this table has, which may change what is averaged. */
    Set<String> unknownSettings(Map<?, ?> group) {
        Set<String> unknown = new TreeSet<>();
        if (family == OptimizerFamily.ADAM_LIKE || family == OptimizerFamily.ADAM || family == OptimizerFamily.ADAMW) {
            group.keySet().forEach(key -> unknown.add(String.valueOf(key)));
            unknown.removeAll(KNOWN_SETTINGS);
            if (slot.equals(BLOCK_SLOT)) {
                unknown.removeAll(BLOCK_SETTINGS);
            }
        }
        return unknown;
    }

    /** The decay of the average in a group's settings. */
    public Optional<Double> decay(Map<?, ?> group) {
        Object setting = group.get(decaySetting);
        if (setting instanceof PickleSequence betas && betas.items().size() >= 2) {
            setting = betas.items().get(1);
        }
        return setting instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    /** The value that the squares started from, where it is not 0. */
    Optional<Double> initialValue(Map<?, ?> group) {
        if (group.containsKey("lr_in_momentum")) {
            // timm's RMSprop after TensorFlow's.
            return Optional.of(1.0);
        }
        return group.get("initial_accumulator_value") instanceof Number number
                ? Optional.of(number.doubleValue())
                : Optional.empty();
    }
}
