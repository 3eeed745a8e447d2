package io.squisher.onnx.evaluator.testdata;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of the backend test data: {@code model.onnx} and {@code test_data_set_N/{input,output}_i.pb}.
 *
 * @param group the folder's parent: {@code node}, {@code simple}, {@code pytorch-converted} or {@code pytorch-operator}
 * @param name the folder's name
 */
public record OnnxTestCase(String group, String name, ModelProto model, List<DataSet> dataSets) {
    /** Values by the name of the graph's input or output. */
    public record DataSet(Map<String, Value> inputs, Map<String, Value> outputs) {}

    /** Reads a case's model alone. */
    public static ModelProto model(Path folder) {
        return OnnxFile.read(folder.resolve("model.onnx")).model();
    }

    /**
     * Reads a case.
     *
     * @throws UnsupportedModelException if an input or output is a sequence, an optional, or of a type without numbers
     */
    public static OnnxTestCase read(Path folder) {
        ModelProto model = model(folder);
        try (Stream<Path> files = Files.list(folder)) {
            List<DataSet> sets = files.filter(
                            set -> set.getFileName().toString().startsWith("test_data_set_"))
                    .sorted()
                    .map(set -> dataSet(model.getGraph(), set))
                    .toList();
            return new OnnxTestCase(
                    folder.getParent().getFileName().toString(),
                    folder.getFileName().toString(),
                    model,
                    sets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code node/test_relu}. */
    public static String name(Path folder) {
        return folder.getParent().getFileName() + "/" + folder.getFileName();
    }

    /** The operators of a model, {@code domain:Name} outside the default domain. */
    public static Set<String> operators(ModelProto model) {
        return model.getGraph().getNodeList().stream()
                .map(OnnxTestCase::operator)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String operator(NodeProto node) {
        return node.getDomain().isEmpty() ? node.getOpType() : node.getDomain() + ":" + node.getOpType();
    }

    /** Files are numbered as the graph's inputs that are no initializers (old models list those as well). */
    private static DataSet dataSet(GraphProto graph, Path folder) {
        Set<String> initializers =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        List<ValueInfoProto> inputs = graph.getInputList().stream()
                .filter(input -> !initializers.contains(input.getName()))
                .toList();
        return new DataSet(read(folder, "input", inputs), read(folder, "output", graph.getOutputList()));
    }

    private static Map<String, Value> read(Path folder, String kind, List<ValueInfoProto> infos) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = 0; i < infos.size(); i++) {
            ValueInfoProto info = infos.get(i);
            if (!info.getType().hasTensorType()) {
                throw new UnsupportedModelException("'" + info.getName() + "' is no tensor");
            }
            Path file = folder.resolve(kind + "_" + i + ".pb");
            try {
                values.put(info.getName(), value(TensorProto.parseFrom(Files.readAllBytes(file)), info));
            } catch (InvalidProtocolBufferException e) {
                throw new SquisherException("not a tensor: " + file, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return values;
    }

    /** Some cases store bfloat16 numbers as their bits in a tensor of uint16; the graph tells. */
    private static Value value(TensorProto proto, ValueInfoProto info) {
        int declared = info.getType().getTensorType().getElemType();
        boolean bits = declared == DataType.BFLOAT16_VALUE && proto.getDataType() == DataType.UINT16_VALUE;
        TensorProto typed = bits ? proto.toBuilder().setDataType(declared).build() : proto;
        if (OnnxElementTypes.fromOnnx(typed.getDataType()).isEmpty()) {
            throw new UnsupportedModelException("tensors of " + OnnxElementTypes.nameOf(typed.getDataType()));
        }
        return Value.of(typed);
    }
}
