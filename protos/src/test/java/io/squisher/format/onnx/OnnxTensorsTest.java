package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every way in which a TensorProto may hold its data. */
class OnnxTensorsTest {
    private static Tensor read(DataType type, UnaryOperator<TensorProto.Builder> data) {
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName("t")
                .setDataType(type.getNumber())
                .addDims(2);
        return OnnxTensors.read(data.apply(proto).build());
    }

    @Test
    void typedFieldsHoldOneNumberAnElement() {
        assertArrayEquals(
                new double[] {1.5, -2},
                read(DataType.FLOAT, t -> t.addFloatData(1.5f).addFloatData(-2)).toDoubles());
        assertArrayEquals(
                new double[] {1e300, -2},
                read(DataType.DOUBLE, t -> t.addDoubleData(1e300).addDoubleData(-2))
                        .toDoubles());
        assertArrayEquals(
                new long[] {1L << 60, -2},
                read(DataType.INT64, t -> t.addInt64Data(1L << 60).addInt64Data(-2))
                        .toLongs());
        assertArrayEquals(
                new double[] {0x1p63, 3},
                read(DataType.UINT64, t -> t.addUint64Data(1L << 63).addUint64Data(3))
                        .toDoubles());
        assertArrayEquals(
                new long[] {4294967295L, 3},
                read(DataType.UINT32, t -> t.addUint64Data(4294967295L).addUint64Data(3))
                        .toLongs());
    }

    @Test
    void smallTypesStandInInt32Data() {
        for (DataType type : new DataType[] {DataType.INT32, DataType.INT16, DataType.INT8}) {
            assertArrayEquals(
                    new long[] {-5, 100},
                    read(type, t -> t.addInt32Data(-5).addInt32Data(100)).toLongs());
        }
        assertArrayEquals(
                new long[] {200, 255},
                read(DataType.UINT8, t -> t.addInt32Data(200).addInt32Data(255)).toLongs());
        assertArrayEquals(
                new long[] {65535, 1},
                read(DataType.UINT16, t -> t.addInt32Data(65535).addInt32Data(1))
                        .toLongs());
        assertArrayEquals(
                new long[] {1, 0},
                read(DataType.BOOL, t -> t.addInt32Data(1).addInt32Data(0)).toLongs());
        assertArrayEquals(
                new double[] {1, -2},
                read(DataType.FLOAT16, t -> t.addInt32Data(0x3c00).addInt32Data(0xc000))
                        .toDoubles());
        assertArrayEquals(
                new double[] {1, -2},
                read(DataType.BFLOAT16, t -> t.addInt32Data(0x3f80).addInt32Data(0xc000))
                        .toDoubles());
    }

    @Test
    void rawDataIsLittleEndianInEveryType() {
        for (ElementType type : ElementType.values()) {
            ByteBuffer bytes = ByteBuffer.allocate(2 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            type.putDouble(bytes, 0, 1);
            type.putDouble(bytes, type.bytes(), 3);
            TensorProto proto = OnnxTensors.write("t", Tensor.of(type, Shape.of(2), bytes));
            assertEquals(ByteString.copyFrom(bytes.rewind()), proto.getRawData());
            assertArrayEquals(new double[] {1, 3}, OnnxTensors.read(proto).toDoubles());
        }
    }

    @Test
    void anEmptyRawFieldBesideATypedOneCountsAsAbsent() {
        assertArrayEquals(
                new double[] {1, 2},
                read(DataType.FLOAT, t -> t.setRawData(ByteString.EMPTY)
                                .addFloatData(1)
                                .addFloatData(2))
                        .toDoubles());
    }

    @Test
    void scalarsAndEmptyTensors() {
        TensorProto scalar =
                TensorProto.newBuilder().setDataType(1).addFloatData(7).build();
        assertEquals(Shape.of(), OnnxTensors.read(scalar).shape());
        TensorProto empty = TensorProto.newBuilder().setDataType(1).addDims(0).build();
        assertEquals(0, OnnxTensors.read(empty).size());
    }

    @Test
    void tooLittleOrTooMuchDataIsRefused() {
        assertRefused("tensor 't' of F32[2] has 1 element of data", DataType.FLOAT, t -> t.addFloatData(1));
        assertRefused("tensor 't' of F32[2] has 0 elements of data", DataType.FLOAT, t -> t);
        assertRefused(
                "tensor 't' of F32[2] has 9 bytes of data",
                DataType.FLOAT,
                t -> t.setRawData(ByteString.copyFrom(new byte[9])));
        assertRefused(
                "tensor 't' of F32[2] has 12 bytes of data",
                DataType.FLOAT,
                t -> t.setRawData(ByteString.copyFrom(new byte[12])));
    }

    @Test
    void impossibleShapesAndTypesAreRefused() {
        assertRefused("tensor 't': negative dimension in shape [2, -1]", DataType.FLOAT, t -> t.addDims(-1));
        assertRefused(
                "tensor 't': the shape [2, 9223372036854775807] overflows",
                DataType.FLOAT,
                t -> t.addDims(Long.MAX_VALUE));
        assertRefused("tensor 't' has the unsupported element type complex64", DataType.COMPLEX64, t -> t);
        assertRefused("tensor 't' has the unsupported element type type 99", DataType.FLOAT, t -> t.setDataType(99));
        assertFalse(OnnxTensors.isReadable(TensorProto.newBuilder()
                .setDataType(DataType.STRING.getNumber())
                .build()));
    }

    private static void assertRefused(String message, DataType type, UnaryOperator<TensorProto.Builder> data) {
        assertEquals(
                message,
                assertThrows(SquisherException.class, () -> read(type, data)).getMessage());
    }
}
