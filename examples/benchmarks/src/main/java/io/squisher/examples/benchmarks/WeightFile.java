package io.squisher.examples.benchmarks;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file beside a model that takes its large weights one after the other, so that a model of any size is written in a small heap. */
final class WeightFile implements AutoCloseable {
    private static final int ALIGNMENT = 4096;

    private final Path path;
    private final FileChannel channel;
    private final TensorBytes bytes = new TensorBytes();

    WeightFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** The name of the file that holds the weights of a model. */
    static Path beside(Path model) {
        return model.resolveSibling(model.getFileName() + ".data");
    }

    /** Writes the values, and gives the initializer that says where they are. Small ones stay in the model. */
    TensorProto store(String name, Tensor value) {
        if (value.byteSize() < ALIGNMENT) {
            return OnnxTensors.write(name, value);
        }
        try {
            long at = (channel.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            channel.position(at);
            bytes.forEachPiece(value, this::append);
            return TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(OnnxElementTypes.toOnnx(value.type()))
                    .addAllDims(Arrays.stream(value.shape().dims()).boxed().toList())
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", path.getFileName().toString()))
                    .addExternalData(entry("offset", Long.toString(at)))
                    .addExternalData(entry("length", Long.toString(value.byteSize())))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(ByteBuffer piece) {
        try {
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
