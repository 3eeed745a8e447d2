package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ExternalDataTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void dataInTheModelsFolderAndASecretOutside() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("model"));
        model = inside.resolve("m.onnx");
        byte[] bytes = Tensor.of(Shape.of(3), 1f, 2f, 3f).toBytes().array();
        Files.write(Files.createDirectory(inside.resolve("sub")).resolve("w.bin"), bytes);
        Files.write(folder.resolve("secret"), bytes);
    }

    @Test
    void readsAtItsOffset() {
        try (ExternalData external = new ExternalData(model)) {
            assertArrayEquals(
                    new float[] {2, 3},
                    OnnxTensors.read(proto("sub/w.bin", "4", "8"), external).toFloats());
            assertArrayEquals(
                    new float[] {1, 2},
                    OnnxTensors.read(proto("sub/w.bin", null, null), external).toFloats());
        }
    }

    @Test
    void refusesPathsThatLeaveTheFolder() {
        String absolute = folder.resolve("secret").toString();
        for (String location : new String[] {"../secret", "sub/../../secret", absolute}) {
            assertEquals(
                    "cannot read '" + model + "': bad ONNX model (tensor 'w': its data is said to be at '" + location
                            + "', outside the model's folder)",
                    refused(location, "0", "8"));
        }
        assertTrue(refused("a\0b", "0", "8").contains("which is no path"));
        assertTrue(refused("", "0", "8").contains("without a location"));
        assertTrue(refused("sub", "0", "8").contains("'sub' is not a file"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void refusesALinkToOutside() throws IOException {
        Files.createSymbolicLink(model.resolveSibling("link"), folder.resolve("secret"));
        assertTrue(refused("link", "0", "8").contains("'link' is a link to outside the model's folder"));
    }

    @Test
    void refusesPlacesOutsideTheFile() {
        String end = "F32[2] needs 8 bytes, 'w.bin' of 12 bytes is said to hold ";
        assertTrue(refused("sub/w.bin", "8", "8").contains(end + "8 at 8"));
        assertTrue(refused("sub/w.bin", "-4", "8").contains(end + "8 at -4"));
        assertTrue(refused("sub/w.bin", "0", "4").contains(end + "4 at 0"));
        assertTrue(refused("sub/w.bin", "9223372036854775807", "8").contains("at 9223372036854775807"));
        assertTrue(refused("sub/w.bin", "x", "8").contains("its offset or length is not a number"));
    }

    @Test
    void aMissingFileIsNamed() {
        assertEquals(
                "cannot read '" + model.resolveSibling("gone.bin") + "': no such file", refused("gone.bin", "0", "8"));
    }

    private String refused(String location, String offset, String length) {
        try (ExternalData external = new ExternalData(model)) {
            String message = assertThrows(
                            FormatException.class, () -> OnnxTensors.read(proto(location, offset, length), external))
                    .getMessage();
            assertEquals(1, message.lines().count());
            return message;
        }
    }

    private static TensorProto proto(String location, String offset, String length) {
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location));
        if (offset != null) {
            proto.addExternalData(entry("offset", offset)).addExternalData(entry("length", length));
        }
        return proto.build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
