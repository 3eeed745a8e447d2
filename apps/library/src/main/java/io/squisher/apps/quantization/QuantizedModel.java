package io.squisher.apps.quantization;

import io.squisher.Counted;
import io.squisher.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model whose weights are rounded.
 *
 * @param tensors those that have a format, by name
 * @param metadata what the output's metadata should say
 * @param warnings complete lines for the user
 */
public record QuantizedModel(
        Map<String, QuantizedTensor> tensors, Map<String, String> metadata, List<String> warnings) {
    public QuantizedModel {
        tensors = new LinkedHashMap<>(tensors);
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** The rounded weights by name, in their own types, computed as they are read. */
    public Map<String, Tensor> rounded() {
        Map<String, Tensor> rounded = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> rounded.put(name, tensor.rounded()));
        return rounded;
    }

    /** Tables and codes of the tensors that have them: {@code NAME.table} and {@code NAME.codes}. */
    public Map<String, Tensor> tables() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> tensor.tables().ifPresent(tables -> {
            all.put(name + ".table", tables.tables());
            all.put(name + ".codes", tables.codes());
        }));
        return all;
    }

    static double bitsPerWeight(Collection<QuantizedTensor> tensors) {
        long bits = tensors.stream().mapToLong(QuantizedTensor::bits).sum();
        long weights =
                tensors.stream().mapToLong(tensor -> tensor.weights().size()).sum();
        return (double) bits / weights;
    }

    /** In a sentence without a full stop. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%s rounded to %.4f bits a weight",
                Counted.of(tensors.size(), "tensor"),
                bitsPerWeight(tensors.values()));
    }

    @Override
    public String toString() {
        return "quantize: " + summary();
    }
}
