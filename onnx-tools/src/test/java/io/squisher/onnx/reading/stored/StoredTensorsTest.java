package io.squisher.onnx.reading.stored;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.SparseTensorProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTensorsTest {
    private static SparseTensorProto sparse(Value indices) {
        return SparseTensorProto.newBuilder()
                .setValues(OnnxTensors.write("w", RaisedGraph.tensor(Value.floats(new int[] {2}, 5, 7))))
                .setIndices(OnnxTensors.write("", RaisedGraph.tensor(indices)))
                .addDims(2)
                .addDims(3)
                .build();
    }

    @Test
    void writesSparseTensorsOut() {
        float[] expected = {0, 5, 0, 0, 0, 7};
        for (Value indices : new Value[] {Value.ints(new int[] {2}, 1, 5), Value.ints(new int[] {2, 2}, 0, 1, 1, 2)}) {
            ModelProto.Builder model = TestModel.opset(17)
                    .input("x", Value.floats(new int[] {1, 2}, 1, 1))
                    .node("MatMul", "x,w", "y")
                    .outputs("y")
                    .build()
                    .toBuilder();
            model.getGraphBuilder().addSparseInitializer(sparse(indices));
            TensorProto dense = RaisedGraph.of(model.build()).initializers().get("w");
            assertArrayEquals(expected, OnnxTensors.read(dense).toFloats());
        }
    }

    /** Most have a number of bytes that is no multiple of a cache line. */
    @ParameterizedTest
    @ValueSource(ints = {64, 65, 66, 67, 69, 70, 71, 73, 75, 77, 79, 81})
    void readsLargeTensorsOfAnotherFileOutsideTheHeap(int width, @TempDir Path folder) throws IOException {
        Value w = RaisedGraph.float32(new Numbers(1).normal(width, width));
        byte[] values = new byte[4 * width * width];
        RaisedGraph.tensor(w).readBytes(0, ByteBuffer.wrap(values));
        try (OutputStream data = Files.newOutputStream(folder.resolve("w.data"))) {
            data.write(new byte[12]);
            data.write(values);
        }
        ModelProto.Builder model = TestModel.opset(17)
                .input("x", Value.floats(new int[] {1, width}, new double[width]))
                .initializer("w", w)
                .node("MatMul", "x,w", "y")
                .outputs("y")
                .build()
                .toBuilder();
        model.getGraphBuilder()
                .getInitializerBuilder(0)
                .clearRawData()
                .clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", "w.data"))
                .addExternalData(entry("offset", "12"))
                .addExternalData(entry("length", Integer.toString(values.length)));
        OnnxFile file = new OnnxFile(folder.resolve("model.onnx"), model.build());
        TensorProto here =
                StoredTensors.initializers(file, file.model().getGraph()).get("w");
        assertEquals(TensorProto.DataLocation.DEFAULT, here.getDataLocation());
        assertTrue(here.getRawData().asReadOnlyByteBuffer().isDirect());
        assertArrayEquals(
                RaisedGraph.tensor(w).toFloats(), OnnxTensors.read(here).toFloats());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void refusesAnIndexOutsideTheShape() {
        assertThrows(SquisherException.class, () -> StoredTensors.dense(sparse(Value.ints(new int[] {2}, 1, 6))));
    }

    @Test
    void computesHalfAndDoublePrecisionInFloat32() {
        for (ElementType type : new ElementType[] {ElementType.F16, ElementType.BF16, ElementType.F64}) {
            TestModel test = TestModel.opset(17)
                    .input("x", Value.of(type, new int[] {1, 2}, new double[] {1, 2}))
                    .initializer("w", Value.of(type, new int[] {2, 1}, new double[] {0.5, 0.25}))
                    .node("MatMul", "x,w", "product")
                    .node("Cast", "product", "y", Attributes.NONE.with("to", 11L))
                    .outputs("y");
            Graph graph = RaisedGraph.of(test.build());
            assertEquals(
                    TensorProto.DataType.FLOAT_VALUE,
                    graph.initializers().get("w").getDataType());
            Value y = RaisedGraph.run(test.build(), test.inputs()).get("y");
            assertEquals(ElementType.F32, y.type());
            assertEquals(1.0, y.doubleAt(0));
        }
    }
}
