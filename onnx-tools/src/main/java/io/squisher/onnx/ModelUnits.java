package io.squisher.onnx;

import io.squisher.Counted;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.structure.UnitStructure;
import io.squisher.tensor.Tensor;
import io.squisher.units.RemovableUnits;
import io.squisher.units.UnitGroup;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The filters, neurons and heads of an ONNX model, which its graph tells, for pruning them as a whole:
 *
 * <pre>{@code
 * UnitPruning.of(ModelUnits.of(model)).fisher(fisher).kind(UnitGroup.Kind.FILTERS).sparsity(0.5).writeTo(smaller);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class ModelUnits implements RemovableUnits {
    private final OnnxFile file;
    private final UnitStructure structure;

    private ModelUnits(OnnxFile file) {
        this.file = file;
        structure = UnitStructure.of(file);
    }

    /**
     * Finds the units of a model.
     *
     * @throws io.squisher.SquisherException if the file is no ONNX model
     */
    public static ModelUnits of(Path model) {
        return new ModelUnits(OnnxFile.read(model));
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<UnitGroup> groups() {
        return structure.groups();
    }

    @Override
    public void write(
            Path output,
            WeightSource model,
            Map<UnitGroup, BitSet> kept,
            Map<String, Tensor> replaced,
            Map<String, String> metadata) {
        UnitStructure.Smaller smaller =
                structure.without(kept, name -> replaced.containsKey(name) ? replaced.get(name) : model.tensor(name));
        Map<String, Tensor> tensors = new LinkedHashMap<>(smaller.tensors());
        replaced.forEach(tensors::putIfAbsent);
        OnnxWriter.write(output, smaller.file(), tensors, metadata);
    }

    /** The file, and how many units of each kind it has. */
    @Override
    public String toString() {
        Map<UnitGroup.Kind, Long> counts = groups().stream()
                .collect(
                        Collectors.groupingBy(UnitGroup::kind, TreeMap::new, Collectors.summingLong(UnitGroup::count)));
        String units = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return file.path() + ": "
                + (units.isEmpty() ? "no units" : units + " in " + Counted.of(groups().size(), "group"));
    }
}
