package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
    private static final Path MODEL = OnnxRolesTest.FIXTURES.resolve("mlp_relu/model.onnx");

    @TempDir
    Path folder;

    @Test
    void readsAnExportedModel() {
        OnnxFile file = OnnxFile.read(MODEL);
        assertEquals("pytorch", file.model().getProducerName());
        assertTrue(file.model().getGraph().getNodeCount() > 0);
    }

    /** With a copy of the data on the heap, a model of 2 GB would need more than 2 GB of it. */
    @Test
    void rawDataAliasesTheFile() {
        TensorProto tensor = OnnxFile.read(MODEL).model().getGraph().getInitializer(0);
        assertTrue(tensor.getRawData().asReadOnlyByteBuffer().isDirect());
    }

    @Test
    void aTextFileIsNotAModel() throws IOException {
        Path path = Files.writeString(folder.resolve("text.onnx"), "# A heading\n\nand a paragraph.\n");
        assertEquals(
                "cannot read '" + path + "': not an ONNX model (it is text; give the file that holds the numbers)",
                refused(path));
    }

    @Test
    void anEmptyFileAMissingOneAndAFolderAreNamed() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.onnx"));
        assertEquals(
                "cannot read '" + empty + "': not an ONNX model (the file is empty; download or export it again)",
                refused(empty));
        Path missing = folder.resolve("missing.onnx");
        assertEquals("cannot read '" + missing + "': no such file", refused(missing));
        assertEquals("cannot read '" + folder + "': it is a folder", refused(folder));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(MODEL);
        int afterGraph = whole.length - 16;
        for (int length = 1; length < afterGraph; length += 13) {
            Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
            String message = refused(cut);
            assertTrue(
                    message.contains("bad ONNX model (damaged or truncated: ") || message.contains("holds no graph"),
                    length + ": " + message);
        }
    }

    @Test
    void twoInitializersOfOneNameAreRefused() throws IOException {
        TensorProto tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addFloatData(1)
                .build();
        Path path = Files.write(
                folder.resolve("twice.onnx"),
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .setGraph(GraphProto.newBuilder()
                                .addInitializer(tensor)
                                .addInitializer(tensor)
                                .addOutput(ValueInfoProto.newBuilder().setName("y")))
                        .build()
                        .toByteArray());
        Exception e = assertThrows(FormatException.class, () -> new OnnxFormat().open(path));
        assertTrue(e.getMessage().endsWith("bad ONNX model (two initializers are called 'w')"), e.getMessage());
    }

    @Test
    void aTensorWithoutItsDataNamesTheFile() throws IOException {
        Path path = Files.write(
                folder.resolve("short.onnx"),
                ModelProto.newBuilder()
                        .setGraph(GraphProto.newBuilder()
                                .addInitializer(TensorProto.newBuilder()
                                        .setName("w")
                                        .setDataType(1)
                                        .addDims(2))
                                .addOutput(ValueInfoProto.newBuilder().setName("y")))
                        .build()
                        .toByteArray());
        try (WeightSource source = new OnnxFormat().open(path)) {
            Exception e = assertThrows(FormatException.class, () -> source.tensor("w"));
            assertEquals(
                    "cannot read '" + path + "': bad ONNX model (tensor 'w' of F32[2] has 0 elements of data)",
                    e.getMessage());
            e = assertThrows(RuntimeException.class, () -> source.tensor("v"));
            assertTrue(e.getMessage().contains("has no tensor 'v'"), e.getMessage());
        }
    }

    @Test
    void mutationsNeverEscape() throws IOException {
        Mutations.of(Files.readAllBytes(MODEL), folder.resolve("mutant.onnx"), mutant -> {
            try (WeightSource source = new OnnxFormat().open(mutant)) {
                source.names().forEach(name -> source.tensor(name).toDoubles());
            }
        });
    }

    @Test
    void weightsAreTheInitializers() {
        try (WeightSource source = new OnnxFormat().open(MODEL)) {
            String first = source.names().iterator().next();
            assertArrayEquals(
                    source.tensor(first).toFloats(),
                    OnnxTensors.read(OnnxFile.read(MODEL).model().getGraph().getInitializer(0))
                            .toFloats());
        }
    }

    private static String refused(Path path) {
        return assertThrows(FormatException.class, () -> OnnxFile.read(path)).getMessage();
    }
}
