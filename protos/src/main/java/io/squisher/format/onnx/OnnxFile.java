package io.squisher.format.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.squisher.files.FormatException;
import io.squisher.proto.onnx.ModelProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A parsed ONNX file. Large tensors alias the mapped file instead of being copied, so a model takes little heap.
 *
 * @param path where it was read; external data is looked for beside it
 */
public record OnnxFile(Path path, ModelProto model) {
    static final String FORMAT = "ONNX model";

    /** Models nest graphs in attributes; deeper than this is an attack on the stack. */
    private static final int MAX_NESTING = 64;

    /**
     * Reads a model; external tensor data is left where it is until asked for.
     *
     * @throws FormatException if it is missing, not an ONNX model, or larger than Protobuf allows
     */
    public static OnnxFile read(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (Files.isDirectory(path)) {
                throw new IOException("it is a folder");
            }
            if (channel.size() > Integer.MAX_VALUE) {
                throw FormatException.unsupported(
                        path,
                        FORMAT,
                        "the file has " + channel.size()
                                + " bytes, Protobuf ends at 2 GiB; save the model with external data");
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            CodedInputStream input = CodedInputStream.newInstance(bytes);
            input.enableAliasing(true);
            input.setRecursionLimit(MAX_NESTING);
            ModelProto model = ModelProto.parseFrom(input);
            if (!model.hasGraph() || model.getGraph().getOutputCount() == 0) {
                throw FormatException.notA(path, FORMAT, "it holds no graph with an output");
            }
            return new OnnxFile(path, model);
        } catch (InvalidProtocolBufferException e) {
            throw FormatException.notA(path, FORMAT, "its bytes are no such Protobuf message: " + e.getMessage());
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }
}
