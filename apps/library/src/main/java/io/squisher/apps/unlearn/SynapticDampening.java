package io.squisher.apps.unlearn;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Plans unlearning by selective synaptic dampening (Foster, Schoepf and Brintrup, "Fast Machine Unlearning Without Retraining
 * Through Selective Synaptic Dampening", AAAI 2024): parameters with F_forget > α F_all are multiplied by
 * min(λ F_all / F_forget, 1). Both Fishers are brought to means over their examples. Counting reads weights and Fishers once;
 * the dampened tensors are computed as they are read.
 */
public final class SynapticDampening {
    /** Metadata key; the value is a JSON object. */
    static final String KEY = "squisher.unlearn";

    private SynapticDampening() {}

    /** The names of the parameters that may be dampened. */
    static List<String> eligible(WeightSource model, DampeningOptions options) {
        return model.names().stream()
                .filter(name -> model.role(name) == Role.PARAMETER)
                .filter(name -> model.tensor(name).type().isFloating())
                .filter(name -> options.exclude()
                        .map(pattern -> !pattern.matcher(name).find())
                        .orElse(true))
                .toList();
    }

    /**
     * Selects and counts what is dampened.
     *
     * @param whole the Fisher or Squisher of all examples that the model was trained on
     * @param forget the Fisher of those that it is to forget
     * @throws SquisherException with every reason why the two cannot be divided by each other, or do not belong to the model
     */
    public static DampeningPlan plan(
            WeightSource model, NamedFisher whole, NamedFisher forget, DampeningOptions options) {
        List<String> eligible = eligible(model, options);
        if (eligible.isEmpty()) {
            throw new SquisherException(
                    "cannot unlearn in '" + model.path() + "': no parameter is left; see --exclude");
        }
        Problems problems = new Problems("cannot unlearn");
        FisherCheck check = new FisherCheck(problems, options.allowOtherModel());
        check.check(model, whole, eligible);
        check.check(model, forget, eligible);
        ForgettingCheck both = new ForgettingCheck(whole, forget);
        both.check(options.scale(), problems);
        problems.throwIfAny();
        Sensitivity ofWhole = Sensitivity.of(whole, options.scale());
        Sensitivity ofForget = Sensitivity.of(forget, options.scale());
        Dampening dampening = new Dampening(options.alpha(), options.lambda());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, DampenedTensor> counts = new LinkedHashMap<>();
        for (String name : eligible) {
            Tensor weights = model.tensor(name);
            Tensor wholeTensor = ofWhole.of(name);
            Tensor forgetTensor = ofForget.of(name);
            counts.put(name, DampeningSums.of(weights, wholeTensor, forgetTensor, dampening));
            tensors.put(name, dampened(List.of(weights, wholeTensor, forgetTensor), dampening));
        }
        List<String> warnings = new ArrayList<>(ofWhole.rescaling().warnings());
        warnings.addAll(ofForget.rescaling().warnings());
        warnings.addAll(warnings(both, counts, options));
        Map<String, String> metadata = Map.of(KEY, metadata(ofWhole, ofForget, options));
        return new DampeningPlan(tensors, counts, metadata, warnings);
    }

    private static Tensor dampened(List<Tensor> inputs, Dampening dampening) {
        return new ComputedTensor(TensorSpec.of(inputs.get(0)), inputs, (start, count, values, output) -> {
            for (int i = 0; i < count; i++) {
                double whole = values[1][i];
                double forget = values[2][i];
                double weight = values[0][i];
                output[i] = dampening.selects(whole, forget) ? dampening.factor(whole, forget) * weight : weight;
            }
        });
    }

    private static List<String> warnings(
            ForgettingCheck both, Map<String, DampenedTensor> counts, DampeningOptions options) {
        List<String> warnings = new ArrayList<>();
        double largest = counts.values().stream()
                .mapToDouble(DampenedTensor::largestRatio)
                .max()
                .orElse(0);
        long dampened =
                counts.values().stream().mapToLong(DampenedTensor::dampened).sum();
        long unseen = counts.values().stream().mapToLong(DampenedTensor::unseen).sum();
        if (dampened == 0) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "nothing is dampened: no entry of '%s' is more than alpha = %s times that of '%s', the largest is"
                            + " %.4g times; choose a smaller alpha%s",
                    both.forget().label(),
                    options.alpha(),
                    both.whole().label(),
                    largest,
                    both.largestPossibleRatio()
                            .filter(ratio -> options.alpha() >= ratio)
                            .map(ratio -> String.format(
                                    Locale.ROOT,
                                    " (where the whole set of N examples holds the forget set of n, none can be above"
                                            + " N/n = %.4g)",
                                    ratio))
                            .orElse("")));
        }
        if (unseen > 0) {
            warnings.add(Counted.of(unseen, "parameter") + " with an entry of 0 in '"
                    + both.whole().label()
                    + "' and above 0 in '" + both.forget().label()
                    + "' become 0; does the whole set hold the forget set?");
        }
        return warnings;
    }

    private static String metadata(Sensitivity whole, Sensitivity forget, DampeningOptions options) {
        JsonObject json = new JsonObject();
        json.addProperty("method", "selective synaptic dampening");
        json.addProperty("alpha", options.alpha());
        json.addProperty("lambda", options.lambda());
        describe("", whole, json);
        describe("forget_", forget, json);
        options.exclude().ifPresent(pattern -> json.addProperty("exclude", pattern.pattern()));
        json.addProperty("tool_version", Version.text());
        return json.toString();
    }

    private static void describe(String prefix, Sensitivity sensitivity, JsonObject json) {
        NamedFisher fisher = sensitivity.fisher();
        json.addProperty(prefix + "fisher", fisher.fileName());
        json.addProperty(prefix + "fisher_kind", fisher.kind());
        json.addProperty(prefix + "fisher_scale", sensitivity.rescaling().description());
        if (fisher.dataSize() > 0) {
            json.addProperty(prefix + "examples", fisher.dataSize());
        }
    }
}
