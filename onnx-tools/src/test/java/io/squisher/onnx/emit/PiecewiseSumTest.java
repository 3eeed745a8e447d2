package io.squisher.onnx.emit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PiecewiseSumTest {
    private final Ops ops = new Ops(new Emitter(Set.of()));

    /** {@code before} zeros, the numbers, {@code behind} zeros. */
    private Value piece(long before, long behind, float... numbers) {
        return ops.pad(ops.floats(numbers), new long[] {before}, new long[] {behind});
    }

    private List<String> operators(Value sum) {
        return model(sum).getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    private ModelProto model(Value sum) {
        return new ModelBuilder()
                .nodes(ops.emitter().nodes())
                .initializers(ops.emitter().constants())
                .output(sum.name())
                .build();
    }

    private float[] numbers(Value sum) {
        try (InferenceSession session = InferenceSession.createUnoptimised(model(sum), RuntimeSettings.CPU)) {
            return session.run(Map.of(), Set.of(sum.name())).get(sum.name()).toFloats();
        }
    }

    @Test
    void joinsPiecesThatCoverTheWhole() {
        Value sum = PiecewiseSum.of(ops, List.of(piece(2, 0, 3), piece(0, 1, 1, 2)));

        assertEquals(List.of("Concat"), operators(sum));
        assertArrayEquals(new float[] {1, 2, 3}, numbers(sum));
    }

    @Test
    void fillsGapsWithZerosAndAddsWhatIsNoPiece() {
        Value whole = ops.add(ops.floats(10, 20, 30, 40, 50), ops.scalar(0));
        Value sum = PiecewiseSum.of(ops, List.of(piece(3, 1, 4), whole, piece(1, 3, 2)));

        assertArrayEquals(new float[] {10, 22, 30, 44, 50}, numbers(sum));
    }

    @Test
    void addsPiecesThatOverlap() {
        Value sum = PiecewiseSum.of(ops, List.of(piece(0, 1, 1, 2), piece(1, 0, 3, 4)));

        assertEquals(List.of("Pad", "Pad", "Add"), operators(sum));
        assertArrayEquals(new float[] {1, 5, 4}, numbers(sum));
    }

    @Test
    void addsPiecesOfDifferentAxes() {
        Value square = ops.emitter().constant(Tensor.of(Shape.of(1, 2), 1f, 2f));
        Value tall = ops.pad(square, new long[] {1, 0}, new long[] {0, 0});
        Value column = ops.emitter().constant(Tensor.of(Shape.of(2, 1), 3f, 4f));
        Value wide = ops.pad(column, new long[] {0, 0}, new long[] {0, 1});

        assertArrayEquals(new float[] {3, 0, 5, 2}, numbers(PiecewiseSum.of(ops, List.of(tall, wide))));
    }
}
