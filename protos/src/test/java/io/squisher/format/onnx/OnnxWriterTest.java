package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.internal.protobuf.UnknownFieldSet;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
    private static final Path MODEL = OnnxRolesTest.FIXTURES.resolve("mlp_relu/model.onnx");

    @TempDir
    Path folder;

    @Test
    void rewritingNothingKeepsTheModel() {
        OnnxFile source = OnnxFile.read(MODEL);
        Path target = folder.resolve("same.onnx");
        OnnxWriter.write(target, source, Map.of(), Map.of());
        assertEquals(source.model(), OnnxFile.read(target).model());
        OnnxWriter.write(target, source.model());
        assertEquals(source.model(), OnnxFile.read(target).model());
    }

    @Test
    void onlyTheReplacedInitializerChanges() {
        OnnxFile source = OnnxFile.read(MODEL);
        TensorProto first = source.model().getGraph().getInitializer(0);
        Shape shape = OnnxTensors.spec(first).shape();
        float[] values = new float[(int) shape.size()];
        values[0] = 42;
        Path target = folder.resolve("changed.onnx");
        OnnxWriter.write(target, source, Map.of(first.getName(), Tensor.of(shape, values)), Map.of("made by", "test"));
        ModelProto written = OnnxFile.read(target).model();
        assertArrayEquals(
                values, OnnxTensors.read(written.getGraph().getInitializer(0)).toFloats());
        ModelProto.Builder back = written.toBuilder().clearMetadataProps();
        back.getGraphBuilder().setInitializer(0, first);
        assertEquals(source.model(), back.build());
        assertEquals("made by", written.getMetadataProps(0).getKey());
    }

    /** Fields that the subset schema lacks: training information (20), quantization annotations (14), made-up ones. */
    @Test
    void unknownFieldsSurvive() throws IOException {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        14,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("annotation"))
                                .build())
                .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build();
        UnknownFieldSet training = UnknownFieldSet.newBuilder()
                .addField(
                        20,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("training"))
                                .build())
                .build();
        UnknownFieldSet tensorField = UnknownFieldSet.newBuilder()
                .addField(16, UnknownFieldSet.Field.newBuilder().addFixed32(5).build())
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .setUnknownFields(training)
                .setGraph(GraphProto.newBuilder()
                        .setUnknownFields(unknown)
                        .addNode(NodeProto.newBuilder().setOpType("Relu").setUnknownFields(unknown))
                        .addInitializer(proto("w", 3).toBuilder().setUnknownFields(tensorField))
                        .addOutput(ValueInfoProto.newBuilder().setName("y")))
                .build();
        Path path = Files.write(folder.resolve("unknown.onnx"), model.toByteArray());
        Path target = folder.resolve("rewritten.onnx");
        Map<String, Tensor> replaced = Map.of("w", Tensor.of(Shape.of(3), 1f, 2f, 3f));
        OnnxWriter.write(target, OnnxFile.read(path), replaced, Map.of());
        ModelProto written = OnnxFile.read(target).model();
        assertEquals(training, written.getUnknownFields());
        assertEquals(unknown, written.getGraph().getUnknownFields());
        assertEquals(unknown, written.getGraph().getNode(0).getUnknownFields());
        assertEquals(tensorField, written.getGraph().getInitializer(0).getUnknownFields());
    }

    @Test
    void anEqualMetadataKeyIsReplaced() throws IOException {
        ModelProto model = OnnxFile.read(MODEL).model().toBuilder()
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("k").setValue("old"))
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("other").setValue("kept"))
                .build();
        Path old = Files.write(folder.resolve("old.onnx"), model.toByteArray());
        Path path = folder.resolve("meta.onnx");
        OnnxWriter.write(path, OnnxFile.read(old), Map.of(), Map.of("k", "new"));
        try (WeightSource source = new OnnxFormat().open(path)) {
            assertEquals(Map.of("k", "new", "other", "kept"), source.metadata());
        }
    }

    @Test
    void theElementTypeMayChange() {
        OnnxFile source = OnnxFile.read(MODEL);
        TensorProto first = source.model().getGraph().getInitializer(0);
        Shape shape = OnnxTensors.spec(first).shape();
        ByteBuffer halves = ByteBuffer.allocate((int) shape.size() * 2);
        Path target = folder.resolve("half.onnx");
        OnnxWriter.write(target, source, Map.of(first.getName(), Tensor.of(ElementType.F16, shape, halves)), Map.of());
        try (WeightSource written = new OnnxFormat().open(target)) {
            assertEquals(ElementType.F16, written.tensor(first.getName()).type());
        }
    }

    @Test
    void beyondTheLimitLargeTensorsGoBesideTheModel() throws IOException {
        OnnxFile source = modelOf(proto("a", 1500), proto("small", 3), proto("b", 2000));
        float[] values = new float[2000];
        values[1999] = 5;
        Path target = folder.resolve("big.onnx");
        OnnxWriter.write(target, source, Map.of("b", Tensor.of(Shape.of(2000), values)), Map.of(), 10_000);
        List<TensorProto> written = OnnxFile.read(target).model().getGraph().getInitializerList();
        assertEquals("big.onnx.data", external(written.get(0), "location"));
        assertEquals("0", external(written.get(0), "offset"));
        assertEquals("8192", external(written.get(2), "offset"));
        assertEquals("8000", external(written.get(2), "length"));
        assertEquals(12, written.get(1).getRawData().size());
        assertEquals(16192, Files.size(folder.resolve("big.onnx.data")));
        try (WeightSource read = new OnnxFormat().open(target)) {
            assertArrayEquals(values, read.tensor("b").toFloats());
            assertArrayEquals(new float[1500], read.tensor("a").toFloats());
        }
    }

    @Test
    void atTheLimitEverythingStaysInside() throws IOException {
        OnnxFile source = modelOf(proto("a", 1500));
        long size = source.model().getGraph().getInitializer(0).getSerializedSize();
        OnnxWriter.write(folder.resolve("in.onnx"), source, Map.of(), Map.of(), size);
        assertTrue(Files.notExists(folder.resolve("in.onnx.data")));
        OnnxWriter.write(folder.resolve("out.onnx"), source, Map.of(), Map.of(), size - 1);
        assertTrue(Files.exists(folder.resolve("out.onnx.data")));
    }

    /** The copy must not point into the original's data file. */
    @Test
    void aModelWithExternalDataIsRewrittenWithItsOwn() throws IOException {
        Path first = withExternalData("first.onnx", 7);
        Path copy = folder.resolve("copy.onnx");
        OnnxWriter.write(copy, OnnxFile.read(first), Map.of(), Map.of());
        Files.delete(first.resolveSibling("copy.onnx.data"));
        try (WeightSource read = new OnnxFormat().open(first)) {
            assertEquals(7, read.tensor("a").toFloats()[7]);
        }
        try (WeightSource read = new OnnxFormat().open(copy)) {
            Exception e = assertThrows(FormatException.class, () -> read.tensor("a"));
            assertEquals("cannot read '" + folder.resolve("copy.onnx.data") + "': no such file", e.getMessage());
        }
    }

    private Path withExternalData(String name, float value) throws IOException {
        float[] values = new float[2000];
        values[7] = value;
        Path path = folder.resolve(name);
        Tensor tensor = Tensor.of(Shape.of(2000), values);
        OnnxWriter.write(path, modelOf(proto("a", 2000)), Map.of("a", tensor), Map.of(), 0);
        return path;
    }

    /** A process that dies between the two renames must not leave an old graph over new weights. */
    @Test
    void aNewModelsDataNeverTakesTheNameOfAnOlderModels() throws IOException {
        Path target = withExternalData("m.onnx", 1);
        List<TensorProto> old = OnnxFile.read(target).model().getGraph().getInitializerList();
        byte[] oldModel = Files.readAllBytes(target);
        byte[] oldData = Files.readAllBytes(folder.resolve("m.onnx.data"));
        withExternalData("m.onnx", 2);
        List<TensorProto> young = OnnxFile.read(target).model().getGraph().getInitializerList();
        assertEquals("m.onnx.data", external(old.get(0), "location"));
        assertTrue(external(young.get(0), "location").matches("m\\.onnx\\.[0-9a-f]{8}\\.data"), young.toString());
        assertTrue(Files.notExists(folder.resolve("m.onnx.data")), "nothing reads it any more");
        // As if the process had died before the model's rename: the old pair is whole.
        Files.write(target, oldModel);
        Files.write(folder.resolve("m.onnx.data"), oldData);
        try (WeightSource read = new OnnxFormat().open(target)) {
            assertEquals(1, read.tensor("a").toFloats()[7]);
        }
    }

    @Test
    void dataThatTheSourceReadsIsNotTakenAway() throws IOException {
        Path target = withExternalData("m.onnx", 1);
        Path source = Files.copy(target, folder.resolve("source-of-it.onnx"));
        OnnxWriter.write(target, OnnxFile.read(source), Map.of(), Map.of());
        for (Path path : List.of(target, source)) {
            try (WeightSource read = new OnnxFormat().open(path)) {
                assertEquals(1, read.tensor("a").toFloats()[7]);
            }
        }
    }

    @Test
    void itsOwnSourceIsRefused() throws IOException {
        Path model = withExternalData("m.onnx", 1);
        byte[] before = Files.readAllBytes(model);
        Path again = Files.createDirectory(folder.resolve("sub")).resolve("../m.onnx");
        Exception e = assertThrows(
                SquisherException.class, () -> OnnxWriter.write(again, OnnxFile.read(model), Map.of(), Map.of()));
        assertEquals(
                "cannot write '" + again + "': it is the file that is read, '" + model
                        + "', which would be lost; give the output another name",
                e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(model));
    }

    @Test
    void anotherShapeOrAnUnknownNameIsRefusedAndNothingWritten() throws IOException {
        OnnxFile source = modelOf(proto("w", 3));
        Path target = folder.resolve("no.onnx");
        Exception e = assertThrows(
                SquisherException.class,
                () -> OnnxWriter.write(target, source, Map.of("w", Tensor.of(Shape.of(2), 1f, 2f)), Map.of()));
        assertEquals("initializer 'w' of '" + source.path() + "' is F32[3], the new value is F32[2]", e.getMessage());
        e = assertThrows(
                SquisherException.class,
                () -> OnnxWriter.write(target, source, Map.of("v", Tensor.of(Shape.of(), 1f)), Map.of()));
        assertEquals("'" + source.path() + "' has no initializers [v]", e.getMessage());
        assertTrue(Files.notExists(target));
    }

    @Test
    void aFailureLeavesNeitherModelNorData() throws IOException {
        OnnxFile source = modelOf(proto("w", 3000));
        Path target = folder.resolve("missing/m.onnx");
        Exception e =
                assertThrows(FormatException.class, () -> OnnxWriter.write(target, source, Map.of(), Map.of(), 0));
        assertEquals(
                "cannot write '" + target + "': the folder '" + target.getParent() + "' does not exist",
                e.getMessage());
        Path out = Files.createDirectory(folder.resolve("out"));
        assertThrows(
                SquisherException.class,
                () -> OnnxWriter.write(out.resolve("m.onnx"), source, Map.of("w", new FailingTensor()), Map.of(), 0));
        assertThrows(
                SquisherException.class,
                () -> OnnxWriter.write(out.resolve("m.onnx"), source, Map.of("w", new FailingTensor()), Map.of()));
        try (var files = Files.list(out)) {
            assertEquals(0, files.count());
        }
    }

    private record FailingTensor() implements Tensor {
        @Override
        public ElementType type() {
            return ElementType.F32;
        }

        @Override
        public Shape shape() {
            return Shape.of(3000);
        }

        @Override
        public void readBytes(long offset, ByteBuffer target) {
            throw new SquisherException("its source went away");
        }
    }

    private OnnxFile modelOf(TensorProto... initializers) throws IOException {
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .setGraph(GraphProto.newBuilder()
                        .addAllInitializer(List.of(initializers))
                        .addOutput(ValueInfoProto.newBuilder().setName("y")))
                .build();
        return OnnxFile.read(Files.write(folder.resolve("source.onnx"), model.toByteArray()));
    }

    private static TensorProto proto(String name, int size) {
        return OnnxTensors.write(name, Tensor.of(Shape.of(size), new float[size]));
    }

    private static String external(TensorProto proto, String key) {
        return proto.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst()
                .orElse("");
    }
}
