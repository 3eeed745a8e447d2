package io.squisher.onnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The large weights of a model, once in memory for all sessions of graphs that are made of it. A session loads a graph
 * whose initializers say that their data is elsewhere, and is handed the data beside it: weights are not written out, parsed
 * and copied for every session, and do not count for Protobuf's limit of 2 GiB.
 *
 * <p>Close it after the sessions. Not for several threads at once.
 */
public final class SharedWeights implements AutoCloseable {
    /** Smaller tensors stay in the graph: shapes and axes are among them, which ONNX Runtime reads when it loads it. */
    private static final int SMALLEST_BYTES = 1 << 14;

    /** A cache line. */
    private static final int ALIGNMENT = 64;

    private static final int FLOAT = OnnxElementTypes.toOnnx(ElementType.F32);

    /**
     * ONNX Runtime lays the right sides of products out anew, beside the weights that are here: a second copy, that saves a
     * large model no time.
     */
    private static final long MOST_PACKED_BYTES = 256L << 20;

    private final long mostPacked;

    /** By the bytes that the tensors of different graphs have in common. */
    private final Map<ByteString, OnnxTensor> tensors = new IdentityHashMap<>();

    public SharedWeights() {
        this(MOST_PACKED_BYTES);
    }

    /**
     * With another limit for weights of which ONNX Runtime may make copies of its own.
     *
     * @param mostPacked bytes of all large weights of a graph
     */
    SharedWeights(long mostPacked) {
        this.mostPacked = mostPacked;
    }

    /** The graph without its large weights, which are added to {@code options} in the memory of this object. */
    ModelProto withoutWeights(ModelProto model, SessionOptions options) throws OrtException {
        ModelProto.Builder parted = model.toBuilder();
        GraphProto.Builder graph = parted.getGraphBuilder();
        Map<String, OnnxTensorLike> weights = new HashMap<>();
        long bytes = 0;
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            if (tensor.getDataType() == FLOAT && tensor.getRawData().size() >= SMALLEST_BYTES) {
                weights.put(tensor.getName(), tensor(tensor));
                bytes += tensor.getRawData().size();
                graph.setInitializer(i, elsewhere(tensor));
            }
        }
        if (!weights.isEmpty()) {
            options.addExternalInitializers(weights);
        }
        if (bytes > mostPacked) {
            options.addConfigEntry("session.disable_prepacking", "1");
        }
        return parted.build();
    }

    private OnnxTensor tensor(TensorProto proto) throws OrtException {
        OnnxTensor tensor = tensors.get(proto.getRawData());
        if (tensor == null) {
            ByteBuffer data = aligned(proto.getRawData());
            long[] dims =
                    proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
            tensor = OnnxTensor.createTensor(Environment.get(), data.asFloatBuffer(), dims);
            tensors.put(proto.getRawData(), tensor);
        }
        return tensor;
    }

    /**
     * The bytes where they are, if that is outside the heap and aligned, as data from another file is. Else they are copied out
     * of the file: inside it tensors begin anywhere, and floats have to lie at multiples of four bytes.
     */
    private static ByteBuffer aligned(ByteString bytes) {
        ByteBuffer there = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (there.isDirect() && there.alignmentOffset(there.position(), ALIGNMENT) == 0) {
            return there;
        }
        ByteBuffer data = ByteBuffer.allocateDirect(bytes.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.copyTo(data);
        return data.flip();
    }

    /** How many tensors are in memory. */
    public int size() {
        return tensors.size();
    }

    private static TensorProto elsewhere(TensorProto tensor) {
        return tensor.toBuilder()
                .clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", "memory"))
                .addExternalData(entry("offset", "0"))
                .addExternalData(
                        entry("length", Integer.toString(tensor.getRawData().size())))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
    }
}
