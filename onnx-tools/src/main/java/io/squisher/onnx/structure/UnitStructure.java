package io.squisher.onnx.structure;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.FileGraph;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.SelectedTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The filters, neurons and heads of an ONNX model, and the model without some of them. */
public final class UnitStructure {
    private final OnnxFile file;
    private final Map<UnitGroup, List<GraphEdit>> groups = new LinkedHashMap<>();

    private UnitStructure(OnnxFile file) {
        this.file = file;
        for (Space space : UnitTracer.spaces(new FileGraph(file.model().getGraph()))) {
            space.finished().ifPresent(group -> groups.put(group, space.edits()));
        }
    }

    /** Finds the units of a model. */
    public static UnitStructure of(OnnxFile file) {
        return new UnitStructure(file);
    }

    /** All groups but those that are the model's answer, in the order of the layers. */
    public List<UnitGroup> groups() {
        return List.copyOf(groups.keySet());
    }

    /**
     * A model with fewer units.
     *
     * @param file its graph, with the new shapes; the values in it are still the old ones
     * @param tensors the values of all initializers that changed, computed as they are read
     */
    public record Smaller(OnnxFile file, Map<String, Tensor> tensors) {
        public Smaller {
            tensors = new LinkedHashMap<>(tensors);
        }
    }

    /**
     * Takes units out of the graph.
     *
     * @param kept per group the units that stay, at least one; groups that are not named stay whole
     * @param values the values of an initializer
     * @throws SquisherException if a group cannot lose units
     */
    public Smaller without(Map<UnitGroup, BitSet> kept, Function<String, Tensor> values) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        GraphProto.Builder graph = file.model().getGraph().toBuilder();
        ShapeEdits shapes = new ShapeEdits(graph);
        kept.forEach((group, units) -> {
            if (!group.isRemovable() || units.isEmpty()) {
                throw new SquisherException("the units of '" + group.name() + "' cannot be removed: "
                        + group.obstacle().orElse("none would be left"));
            }
            List<UnitSlice> slices = new ArrayList<>(group.own());
            slices.addAll(group.outgoing());
            for (UnitSlice slice : slices) {
                Tensor tensor = tensors.getOrDefault(slice.parameter(), values.apply(slice.parameter()));
                tensors.put(slice.parameter(), cut(tensor, slice, group.count(), units));
            }
            for (GraphEdit edit : groups.get(group)) {
                apply(edit, graph, shapes, units.cardinality(), group.count());
            }
        });
        shapes.apply();
        declare(graph, tensors);
        ModelProto model = file.model().toBuilder().setGraph(graph).build();
        return new Smaller(new OnnxFile(file.path(), model), tensors);
    }

    private static Tensor cut(Tensor tensor, UnitSlice slice, int count, BitSet units) {
        int span = slice.span(tensor.shape(), count);
        int[] indices = units.stream()
                .flatMap(unit -> IntStream.range(unit * span, (unit + 1) * span))
                .toArray();
        return new SelectedTensor(tensor, slice.axis(), indices);
    }

    private static void apply(GraphEdit edit, GraphProto.Builder graph, ShapeEdits shapes, int left, int count) {
        if (edit instanceof GraphEdit.ShapeEntry entry) {
            shapes.set(entry.node(), entry.entry(), entry.size() / count * left);
        } else {
            NodeProto.Builder node = graph.getNodeBuilder(edit.node());
            for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.getName().equals("group")) {
                    attribute.setI(attribute.getI() / count * left);
                }
            }
        }
    }

    /** Gives initializers their new shapes, also where old files list them as inputs, and drops remarks on others. */
    private static void declare(GraphProto.Builder graph, Map<String, Tensor> tensors) {
        for (TensorProto.Builder initializer : graph.getInitializerBuilderList()) {
            Tensor tensor = tensors.get(initializer.getName());
            if (tensor != null) {
                initializer.clearDims();
                for (long dim : tensor.shape().dims()) {
                    initializer.addDims(dim);
                }
            }
        }
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            Tensor tensor = tensors.get(input.getName());
            if (tensor != null) {
                Shape shape = tensor.shape();
                for (int axis = 0; axis < shape.rank(); axis++) {
                    input.getTypeBuilder()
                            .getTensorTypeBuilder()
                            .getShapeBuilder()
                            .getDimBuilder(axis)
                            .setDimValue(shape.dim(axis));
                }
            }
        }
        // They are optional, and now partly wrong.
        graph.clearValueInfo();
    }
}
