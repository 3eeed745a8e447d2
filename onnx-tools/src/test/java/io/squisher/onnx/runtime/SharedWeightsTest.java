package io.squisher.onnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.internal.protobuf.UnsafeByteOperations;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedWeightsTest {
    private static final int WIDTH = 80;

    private final Value x = RaisedGraph.float32(new Numbers(1).normal(2, WIDTH));
    private final Value w = RaisedGraph.float32(new Numbers(2).normal(WIDTH, WIDTH));

    private ModelProto model(ByteBuffer values) {
        ModelProto.Builder model = TestModel.opset(17)
                .input("x", x)
                .initializer("w", w)
                .node("MatMul", "x,w", "y")
                .outputs("y")
                .build()
                .toBuilder();
        model.getGraphBuilder()
                .getInitializerBuilder(0)
                .clearFloatData()
                .setRawData(UnsafeByteOperations.unsafeWrap(values));
        return model.build();
    }

    /** On the heap, and outside it at a multiple of a cache line, or two bytes behind one. */
    private List<ByteBuffer> places() {
        ByteBuffer heap = RaisedGraph.tensor(w).toBytes();
        ByteBuffer outside = ByteBuffer.allocateDirect(heap.remaining() + 256).alignedSlice(64);
        ByteBuffer aligned =
                outside.slice(0, heap.remaining()).put(heap.duplicate()).flip();
        ByteBuffer other = ByteBuffer.allocateDirect(heap.remaining() + 256).alignedSlice(64);
        ByteBuffer askew =
                other.slice(2, heap.remaining()).put(heap.duplicate()).flip();
        return List.of(heap, aligned, askew);
    }

    @Test
    void weightsMayLieAnywhere() {
        Tensor fed = RaisedGraph.tensor(x);
        float[] expected = null;
        for (ByteBuffer place : places()) {
            ModelProto model = model(place.order(ByteOrder.LITTLE_ENDIAN));
            assertArrayEquals(
                    RaisedGraph.tensor(w).toFloats(),
                    OnnxTensors.read(model.getGraph().getInitializer(0)).toFloats());
            try (SharedWeights weights = new SharedWeights();
                    InferenceSession session = InferenceSession.create(model, RuntimeSettings.CPU, weights)) {
                float[] y = session.run(Map.of("x", fed), Set.of("y")).get("y").toFloats();
                expected = expected == null ? y : expected;
                assertArrayEquals(expected, y);
                assertEquals(1, weights.size());
            }
        }
    }

    /** A limit of none stands for a model that is beyond it. */
    @Test
    void weightsOfLargeModelsAreNotLaidOutAnew() {
        ModelProto model = model(RaisedGraph.tensor(w).toBytes());
        Tensor fed = RaisedGraph.tensor(x);
        float[][] results = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (SharedWeights weights = i == 0 ? new SharedWeights() : new SharedWeights(0);
                    InferenceSession session = InferenceSession.create(model, RuntimeSettings.CPU, weights)) {
                results[i] = session.run(Map.of("x", fed), Set.of("y")).get("y").toFloats();
            }
        }
        assertArrayEquals(results[0], results[1], 1e-4f);
    }
}
