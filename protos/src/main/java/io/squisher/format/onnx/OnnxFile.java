package io.squisher.format.onnx;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.internal.protobuf.CodedInputStream;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.internal.protobuf.UnsafeByteOperations;
import io.squisher.proto.onnx.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A parsed ONNX file. Large tensors alias the mapped file instead of being copied, so a model takes little heap. Weights that
 * are values of Constant nodes are initializers here.
 *
 * @param path where it was read; external data is looked for beside it
 */
public record OnnxFile(Path path, ModelProto model) {
    static final String FORMAT = "ONNX model";

    /** The byte that every exporter writes first: the IR version, field 1 as a varint. */
    public static final int FIRST_BYTE = 0x08;

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
            if (channel.size() == 0) {
                throw FormatException.notA(path, FORMAT, "the file is empty");
            }
            if (channel.size() > Integer.MAX_VALUE) {
                throw FormatException.unsupported(
                        path,
                        FORMAT,
                        "the file has " + Counted.of(channel.size(), "byte")
                                + ", Protobuf ends at 2 GiB; save the model with external data");
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            // Only a stream over an immutable ByteString honours aliasing; one over the buffer itself copies.
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true);
            input.setRecursionLimit(MAX_NESTING);
            ModelProto model = ConstantWeights.lifted(ModelProto.parseFrom(input));
            if (!model.hasGraph() || model.getGraph().getOutputCount() == 0) {
                throw FormatException.notA(path, FORMAT, "it holds no graph with an output");
            }
            return new OnnxFile(path, model);
        } catch (InvalidProtocolBufferException e) {
            throw malformed(path, e);
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /** Every exporter writes the IR version first, so a file without it there is something else. */
    private static FormatException malformed(Path path, InvalidProtocolBufferException cause) {
        try (InputStream start = Files.newInputStream(path)) {
            return start.read() == FIRST_BYTE
                    ? FormatException.bad(path, FORMAT, "damaged or truncated: " + FormatException.firstLine(cause))
                    : FormatException.notA(path, FORMAT, "its bytes are no such Protobuf message");
        } catch (IOException e) {
            return FormatException.unreadable(path, e);
        }
    }
}
