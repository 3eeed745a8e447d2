package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DequantizedWeightsTest {
    @TempDir
    Path folder;

    private static Tensor bytes(ElementType type, Shape shape, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return Tensor.of(type, shape, bytes.flip());
    }

    private static DequantizedWeight signed(String name, int bits, Shape shape, int... codes) {
        return new DequantizedWeight(
                name,
                bits,
                bytes(ElementType.I8, shape, codes),
                Tensor.of(Shape.of(), 0.5f),
                bytes(ElementType.I8, Shape.of(), 0),
                -1,
                0);
    }

    private OnnxFile model(TensorProto... initializers) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput("w")
                        .addOutput("w_scale"))
                .addInput(ValueInfoProto.newBuilder().setName("w"))
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addOutput(ValueInfoProto.newBuilder().setName("w_scale"));
        graph.addAllInitializer(List.of(initializers));
        Path path = folder.resolve("m.onnx");
        OnnxWriter.write(
                path, ModelProto.newBuilder().setIrVersion(3).setGraph(graph).build());
        return OnnxFile.read(path);
    }

    private static Map<String, TensorProto> initializers(ModelProto model) {
        return model.getGraph().getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor));
    }

    @Test
    void codesOfFourBitsAreTwoToAByteTheFirstInTheLowerHalf() {
        OnnxFile source = model(OnnxTensors.write("w", Tensor.of(Shape.of(1, 3), 1f, 2f, 3f)));
        Path target = folder.resolve("q.onnx");
        new DequantizedWeights(source, List.of(signed("w", 4, Shape.of(1, 3), 7, -1, -7)))
                .write(target, Map.of(), Map.of("k", "v"));
        ModelProto written = OnnxFile.read(target).model();
        TensorProto codes = initializers(written).get("w_quantized");
        assertEquals(TensorProto.DataType.INT4.getNumber(), codes.getDataType());
        assertEquals(List.of(1L, 3L), codes.getDimsList());
        // 7 and -1 (15), then -7 (9) and padding.
        assertArrayEquals(new byte[] {(byte) 0xf7, 0x09}, codes.getRawData().toByteArray());
        NodeProto node = written.getGraph().getNode(0);
        assertEquals("DequantizeLinear", node.getOpType());
        // The graph has a value w_scale already.
        assertEquals(List.of("w_quantized", "w_scale_2"), node.getInputList());
        assertEquals(List.of("w"), node.getOutputList());
        assertEquals(0, node.getAttributeCount());
        assertEquals(10, written.getIrVersion());
        assertEquals("v", written.getMetadataProps(0).getValue());
        assertEquals(1, written.getGraph().getInputCount(), "what a node gives is no input");
    }

    @Test
    void groupsAndZeroPointsAreWhereTheStandardHasThem() {
        OnnxFile source = model(OnnxTensors.write("w", Tensor.of(Shape.of(1, 3), 1f, 2f, 3f)));
        DequantizedWeight weight = new DequantizedWeight(
                "w",
                8,
                bytes(ElementType.U8, Shape.of(1, 3), 0, 200, 255),
                Tensor.of(Shape.of(1, 2), 0.5f, 2f),
                bytes(ElementType.U8, Shape.of(1, 2), 3, 128),
                1,
                2);
        assertEquals(21, weight.opset());
        assertEquals(13, signed("w", 8, Shape.of(1, 3), 1, 2, 3).opset());
        assertEquals(21, signed("w", 4, Shape.of(1, 3), 1, 2, 3).opset());
        Path target = folder.resolve("q.onnx");
        new DequantizedWeights(source, List.of(weight)).write(target, Map.of(), Map.of());
        ModelProto written = OnnxFile.read(target).model();
        NodeProto node = written.getGraph().getNode(0);
        assertEquals(
                "axis=1 block_size=2",
                node.getAttributeList().stream()
                        .map(attribute -> attribute.getName() + "=" + attribute.getI())
                        .collect(Collectors.joining(" ")));
        TensorProto zeros = initializers(written).get("w_zero_point");
        assertEquals(TensorProto.DataType.UINT8.getNumber(), zeros.getDataType());
        assertArrayEquals(new byte[] {3, (byte) 128}, zeros.getRawData().toByteArray());
    }

    /** Large codes go into the file beside the model, with the length that they have when packed. */
    @Test
    void largeCodesOfModelsWithExternalDataAreExternalToo() {
        int size = 20_001;
        float[] values = new float[size];
        OnnxFile small = model(OnnxTensors.write("w", Tensor.of(Shape.of(1, size), values)));
        Path external = folder.resolve("e.onnx");
        OnnxWriter.write(external, small, Map.of(), Map.of(), 10);
        int[] codes = new int[size];
        for (int i = 0; i < size; i++) {
            codes[i] = i % 15 - 7;
        }
        Path target = folder.resolve("q.onnx");
        new DequantizedWeights(OnnxFile.read(external), List.of(signed("w", 4, Shape.of(1, size), codes)))
                .write(target, Map.of(), Map.of());
        OnnxFile plain = OnnxFile.read(external);
        assertEquals(
                TensorProto.DataLocation.EXTERNAL,
                plain.model().getGraph().getInitializer(0).getDataLocation());
        TensorProto written = initializers(OnnxFile.read(target).model()).get("w_quantized");
        assertEquals((size + 1) / 2, written.getRawData().size());
        assertEquals(
                (byte) (codes[2] & 0xf | codes[3] << 4), written.getRawData().byteAt(1));
        assertEquals((byte) (codes[size - 1] & 0xf), written.getRawData().byteAt(size / 2));
    }

    @Test
    void packedCodesAreReadFromAnyByteOn() {
        int[] codes = {1, 2, 3, 4, 5, 6, 7};
        PackedCodes packed = new PackedCodes(bytes(ElementType.U8, Shape.of(7), codes));
        assertEquals(4, packed.byteSize());
        byte[] whole = {0x21, 0x43, 0x65, 0x07};
        assertArrayEquals(whole, packed.toBytes().array());
        for (int start = 0; start < 4; start++) {
            for (int length = 1; length <= 4 - start; length++) {
                ByteBuffer piece = ByteBuffer.allocate(length);
                packed.readBytes(start, piece);
                assertArrayEquals(java.util.Arrays.copyOfRange(whole, start, start + length), piece.array());
            }
        }
    }

    @Test
    void refusesWhatIsNoInitializer() {
        OnnxFile source = model(OnnxTensors.write("w", Tensor.of(Shape.of(1, 1), 1f)));
        String message = assertThrows(
                        SquisherException.class,
                        () -> new DequantizedWeights(source, List.of(signed("v", 8, Shape.of(1, 1), 1))))
                .getMessage();
        assertEquals("'" + source.path() + "' has no initializer 'v'", message);
    }
}
