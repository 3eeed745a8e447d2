package io.squisher.format.onnx;

import io.squisher.files.AtomicFile;
import io.squisher.internal.protobuf.CodedOutputStream;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;

/**
 * Writes a model with values that are not in its message: the graph is written field by field, and the raw data of each
 * named initializer is streamed into its place, so that no tensor is on the heap.
 */
final class OnnxStream {
    private final ModelProto model;
    private final Map<String, Tensor> values;

    /**
     * A writer of {@code model}.
     *
     * @param values raw data by initializer; those initializers hold none in {@code model}
     */
    OnnxStream(ModelProto model, Map<String, Tensor> values) {
        this.model = model;
        this.values = values;
    }

    void writeTo(AtomicFile file) throws IOException {
        GraphProto graph = model.getGraph();
        GraphProto withoutInitializers = graph.toBuilder().clearInitializer().build();
        List<TensorProto> initializers = graph.getInitializerList();
        long graphSize = withoutInitializers.getSerializedSize();
        for (TensorProto proto : initializers) {
            graphSize += fieldSize(GraphProto.INITIALIZER_FIELD_NUMBER, sizeWithData(proto));
        }
        CodedOutputStream out = CodedOutputStream.newInstance(Channels.newOutputStream(file.channel()), 1 << 16);
        model.toBuilder().clearGraph().build().writeTo(out);
        startMessage(out, ModelProto.GRAPH_FIELD_NUMBER, graphSize);
        withoutInitializers.writeTo(out);
        TensorBytes pieces = new TensorBytes();
        for (TensorProto proto : initializers) {
            startMessage(out, GraphProto.INITIALIZER_FIELD_NUMBER, sizeWithData(proto));
            proto.writeTo(out);
            Tensor data = values.get(proto.getName());
            if (data != null) {
                startMessage(out, TensorProto.RAW_DATA_FIELD_NUMBER, data.byteSize());
                out.flush();
                pieces.forEachPiece(data, file::append);
            }
        }
        out.flush();
    }

    private long sizeWithData(TensorProto proto) {
        Tensor data = values.get(proto.getName());
        long own = proto.getSerializedSize();
        return data == null ? own : own + fieldSize(TensorProto.RAW_DATA_FIELD_NUMBER, data.byteSize());
    }

    private static long fieldSize(int field, long length) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(length) + length;
    }

    private static void startMessage(CodedOutputStream out, int field, long length) throws IOException {
        int lengthDelimited = 2;
        out.writeTag(field, lengthDelimited);
        out.writeUInt64NoTag(length);
    }
}
