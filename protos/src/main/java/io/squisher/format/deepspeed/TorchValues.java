package io.squisher.format.deepspeed;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.format.pickle.PickleSequence;
import io.squisher.format.pytorch.TorchOptimizerKind;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plain values among the objects of a PyTorch file. */
final class TorchValues {
    private TorchValues() {}

    /** A number, or the only element of a tensor. */
    static Optional<Long> number(Object value) {
        if (value instanceof Number number) {
            return Optional.of(number.longValue());
        }
        return value instanceof Tensor tensor && tensor.size() == 1
                ? Optional.of(tensor.toLongs()[0])
                : Optional.empty();
    }

    static List<Object> list(Object value) {
        return value instanceof PickleSequence sequence ? sequence.items() : List.of();
    }

    static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /**
     * Refuses an optimizer whose squares mean something else than Adam's.
     *
     * @param path the checkpoint, for messages
     * @param keys what it keeps for each parameter
     * @param optimizer where {@code param_groups} stand, if they do
     */
    static OptimizerFamily family(Path path, Set<String> keys, Object optimizer) {
        Map<Object, Object> settings = new LinkedHashMap<>();
        list(map(optimizer).get("param_groups")).forEach(group -> map(group).forEach(settings::putIfAbsent));
        return TorchOptimizerKind.of(keys, settings)
                .filter(kind -> kind.isPlain(keys))
                .map(TorchOptimizerKind::family)
                .orElseThrow(() -> new SquisherException(
                        "cannot convert '" + path + "': " + TorchOptimizerKind.whyNot(keys, settings)));
    }

    /** Fills in the decay and the step that stand in {@code param_groups}. */
    static void settings(Accumulator.Builder facts, Object optimizer) {
        for (Object group : list(map(optimizer).get("param_groups"))) {
            List<Object> betas = list(map(group).get("betas"));
            if (betas.size() >= 2 && betas.get(1) instanceof Number decay) {
                facts.setDecay(decay.doubleValue());
            }
            if (!facts.hasStep()) {
                number(map(group).get("step"))
                        .ifPresent(step -> facts.setStep(step).setStepSource("file"));
            }
        }
    }
}
