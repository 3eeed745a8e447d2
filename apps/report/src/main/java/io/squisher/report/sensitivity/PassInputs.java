package io.squisher.report.sensitivity;

import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pass reads side by side. Tensors of one name have one shape.
 *
 * @param entries the diagonal, brought to scale: finite and not negative
 * @param weights the parameters, of which some or all may be missing
 * @param masks ones where something is kept; may be missing
 * @param other another diagonal; may be missing
 * @param units which units there are; none where the network is not known
 */
public record PassInputs(
        Map<String, Tensor> entries,
        Map<String, Tensor> weights,
        Map<String, Tensor> masks,
        Map<String, Tensor> other,
        List<UnitGroup> units) {
    public PassInputs {
        entries = new LinkedHashMap<>(entries);
        weights = Map.copyOf(weights);
        masks = Map.copyOf(masks);
        other = Map.copyOf(other);
        units = List.copyOf(units);
    }

    /** A diagonal alone. */
    public static PassInputs of(Map<String, Tensor> entries) {
        return new PassInputs(entries, Map.of(), Map.of(), Map.of(), List.of());
    }
}
