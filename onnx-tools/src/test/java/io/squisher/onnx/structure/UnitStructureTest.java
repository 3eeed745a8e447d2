package io.squisher.onnx.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitStructureTest {
    private static final long SEED = 11;

    private static Path fixture(String name) {
        try {
            return Path.of(
                    UnitStructureTest.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Outputs with every removable group cut to a random part, and with the same units masked instead. */
    private static void assertSmallerIsMasked(OnnxFile file, Map<String, Tensor> inputs) {
        UnitStructure structure = UnitStructure.of(file);
        Random random = new Random(SEED);
        Map<UnitGroup, BitSet> kept = new LinkedHashMap<>();
        for (UnitGroup group : structure.groups()) {
            if (group.isRemovable()) {
                BitSet units = new BitSet();
                units.set(random.nextInt(group.count()));
                for (int unit = 0; unit < group.count(); unit++) {
                    units.set(unit, units.get(unit) || random.nextBoolean());
                }
                kept.put(group, units);
            }
        }
        assertFalse(kept.isEmpty());
        Map<String, TensorProto> stored = new HashMap<>();
        file.model().getGraph().getInitializerList().forEach(proto -> stored.put(proto.getName(), proto));
        UnitStructure.Smaller smaller = structure.without(kept, name -> OnnxTensors.read(stored.get(name)));
        ModelProto small = with(smaller.file().model(), smaller.tensors());
        ModelProto masked = with(file.model(), masked(kept, stored));
        assertTrue(small.getSerializedSize() < masked.getSerializedSize());
        Map<String, Tensor> expected = run(masked, inputs);
        Map<String, Tensor> whole = run(file.model(), inputs);
        run(small, inputs).forEach((name, output) -> {
            double[] reference = expected.get(name).toDoubles();
            double[] actual = output.toDoubles();
            double largest =
                    java.util.Arrays.stream(reference).map(Math::abs).max().orElseThrow();
            assertEquals(reference.length, actual.length);
            for (int i = 0; i < actual.length; i++) {
                assertEquals(reference[i], actual[i], 1e-5 * largest, name + "[" + i + "], seed " + SEED);
            }
            assertFalse(java.util.Arrays.equals(whole.get(name).toDoubles(), actual), "pruning changed nothing");
        });
    }

    private static Map<String, Tensor> masked(Map<UnitGroup, BitSet> kept, Map<String, TensorProto> stored) {
        Map<String, Tensor> masked = new LinkedHashMap<>();
        kept.forEach((group, units) -> {
            List<UnitSlice> slices = new ArrayList<>(group.own());
            slices.addAll(group.outgoing());
            for (UnitSlice slice : slices) {
                if (slice.parameter().contains("running")) {
                    continue;
                }
                Tensor tensor = masked.getOrDefault(slice.parameter(), OnnxTensors.read(stored.get(slice.parameter())));
                Shape shape = tensor.shape();
                float[] values = tensor.toFloats();
                long stride = slice.stride(shape) * slice.span(shape, group.count());
                for (int i = 0; i < values.length; i++) {
                    values[i] = units.get((int) (i / stride % group.count())) ? values[i] : 0;
                }
                masked.put(slice.parameter(), Tensor.of(shape, values));
            }
        });
        return masked;
    }

    private static ModelProto with(ModelProto model, Map<String, Tensor> tensors) {
        ModelProto.Builder changed = model.toBuilder();
        for (TensorProto.Builder proto : changed.getGraphBuilder().getInitializerBuilderList()) {
            Tensor tensor = tensors.get(proto.getName());
            if (tensor != null) {
                proto.clear().mergeFrom(OnnxTensors.write(nameOf(tensors, tensor), tensor));
            }
        }
        return changed.build();
    }

    private static String nameOf(Map<String, Tensor> tensors, Tensor tensor) {
        return tensors.entrySet().stream()
                .filter(entry -> entry.getValue() == tensor)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static Map<String, Tensor> run(ModelProto model, Map<String, Tensor> inputs) {
        try (InferenceSession session = InferenceSession.create(model, RuntimeSettings.CPU)) {
            Map<String, Tensor> fed = new HashMap<>(inputs);
            fed.keySet().retainAll(session.inputs());
            return session.run(fed, session.outputs());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lenet_cnn",
                "bn_cnn",
                "mlp_relu",
                "multilabel_bernoulli",
                "regression_gaussian",
                "vae_like_convtranspose",
                "tiny_bert",
                "tiny_gpt"
            })
    void theSmallerModelComputesWhatTheMaskedOneDoes(String name) {
        try (NpzFile data = NpzFile.open(fixture(name + "/data.npz"))) {
            assertSmallerIsMasked(OnnxFile.read(fixture(name + "/model.onnx")), data.arrays());
        }
    }

    private static List<String> groups(OnnxFile file) {
        return UnitStructure.of(file).groups().stream()
                .map(group -> group.kind() + " " + group.name() + " " + group.count()
                        + (group.isRemovable() ? "" : ": " + group.obstacle().orElseThrow()))
                .toList();
    }

    @Test
    void findsFiltersNeuronsAndHeadsOfRealModels() {
        assertEquals(
                List.of("FILTERS 0.weight 6", "FILTERS 3.weight 8", "NEURONS 7.weight 24"),
                groups(OnnxFile.read(fixture("lenet_cnn/model.onnx"))));
        List<String> gpt = groups(OnnxFile.read(fixture("tiny_gpt/model.onnx")));
        assertEquals("HEADS layers.0.att.query.weight 4", gpt.get(0));
        assertTrue(
                gpt.get(1).startsWith("NEURONS layers.0.att.proj.weight 16: Add '/layers.0/Add' adds or multiplies"),
                gpt.get(1));
        assertEquals("NEURONS layers.0.up.weight 32", gpt.get(2));
    }

    @Test
    void aWeightUsedTwiceIsAnObstacle() {
        assertEquals(
                List.of("NEURONS enter.weight 12: Gemm '/shared/Gemm' multiplies with a value that is computed or used"
                        + " twice"),
                groups(OnnxFile.read(fixture("shared_weight/model.onnx"))));
    }

    private static Attributes kernel(long size) {
        return Attributes.NONE
                .with("kernel_shape", new long[] {size, size})
                .with("pads", new long[] {size / 2, size / 2, size / 2, size / 2});
    }

    /** A stem, a residual block with BatchNormalization and squeeze-and-excitation, a depthwise layer, flattened by Reshape. */
    private static SmallNetwork residual() {
        return new SmallNetwork()
                .input("x", -1, 3, 6, 6)
                .weight("stem", 8, 3, 3, 3)
                .weight("one", 5, 8, 3, 3)
                .weight("two", 8, 5, 3, 3)
                .weight("scale", 8)
                .weight("shift", 8)
                .weight("running_mean", 8)
                .positive("running_var", 8)
                .weight("squeeze", 4, 8, 1, 1)
                .weight("excite", 8, 4, 1, 1)
                .weight("slope", 8, 1, 1)
                .weight("depthwise", 8, 1, 3, 3)
                .weight("fc", 72, 10)
                .integers("flat", 0, 72)
                .node("Conv", kernel(3), "a", "x", "stem")
                .node("PRelu", "b", "a", "slope")
                .node("Conv", kernel(3), "c", "b", "one")
                .node("Relu", "d", "c")
                .node("Conv", kernel(3), "e", "d", "two")
                .node("BatchNormalization", "f", "e", "scale", "shift", "running_mean", "running_var")
                .node("GlobalAveragePool", "g", "f")
                .node("Conv", kernel(1), "h", "g", "squeeze")
                .node("Relu", "i", "h")
                .node("Conv", kernel(1), "j", "i", "excite")
                .node("Sigmoid", "k", "j")
                .node("Mul", "l", "f", "k")
                .node("Add", "m", "l", "b")
                .node("Conv", kernel(3).with("group", 8), "n", "m", "depthwise")
                .node(
                        "MaxPool",
                        Attributes.NONE.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2}),
                        "o",
                        "n")
                .node("Reshape", "p", "o", "flat")
                .node("Gemm", "y", "p", "fc");
    }

    private static Tensor random(long... dims) {
        Random random = new Random(SEED);
        float[] values = new float[(int) Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(Shape.of(dims), values);
    }

    @Test
    void layersThatAreAddedLoseTheSameFilters() {
        OnnxFile file = residual().build("y", -1, 10);
        assertEquals(List.of("FILTERS stem 8", "FILTERS one 5", "FILTERS squeeze 4"), groups(file));
        assertSmallerIsMasked(file, Map.of("x", random(4, 3, 6, 6)));
    }

    @Test
    void whatTheModelReturnsIsNoGroupAndOtherReadersAreObstacles() {
        assertEquals(
                List.of("FILTERS one 5", "FILTERS squeeze 4"), groups(residual().build("m", -1, 8, 6, 6)));
        OnnxFile mixed = residual()
                .node("Softmax", Attributes.NONE.with("axis", 1), "z", "m")
                .build("z", -1, 8, 6, 6);
        assertEquals(
                "FILTERS stem 8: Softmax 'n_z' mixes the channels",
                groups(mixed).get(0));
    }

    @Test
    void refusesToRemoveWhatCannotGo() {
        UnitStructure structure = UnitStructure.of(OnnxFile.read(fixture("shared_weight/model.onnx")));
        BitSet one = new BitSet();
        one.set(0);
        SquisherException e = assertThrows(
                SquisherException.class,
                () -> structure.without(Map.of(structure.groups().get(0), one), name -> null));
        assertTrue(e.getMessage().startsWith("the units of 'enter.weight' cannot be removed: Gemm"), e.getMessage());
    }
}
