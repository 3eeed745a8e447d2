package io.squisher.onnx.emit;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Sums of values of one shape. Where summands are pieces padded with zeros along one axis, as the gradients of several
 * Slices of one value are, and do not overlap, the pieces are joined instead: one copy in place of a copy and an addition
 * of the whole for each. The paddings then have no reader and {@link ModelBuilder} leaves them out.
 */
public final class PiecewiseSum {
    private PiecewiseSum() {}

    /** A value whose elements {@code begin} to {@code end} along an axis are {@code inner} and whose others are zero. */
    private record Piece(Value whole, Value inner, int axis, long begin, long end) {}

    /** The sum of one or more summands. */
    public static Value of(Ops ops, List<Value> summands) {
        List<Piece> pieces = new ArrayList<>();
        List<Value> others = new ArrayList<>();
        for (Value summand : summands) {
            piece(ops.emitter(), summand)
                    .filter(piece -> pieces.isEmpty() || pieces.get(0).axis() == piece.axis())
                    .ifPresentOrElse(pieces::add, () -> others.add(summand));
        }
        pieces.sort(Comparator.comparingLong(Piece::begin));
        if (pieces.size() < 2 || overlap(pieces)) {
            return added(ops, summands);
        }
        others.add(0, joined(ops, pieces));
        return added(ops, others);
    }

    private static Value added(Ops ops, List<Value> summands) {
        Value sum = summands.get(0);
        for (Value summand : summands.subList(1, summands.size())) {
            sum = ops.add(sum, summand);
        }
        return sum;
    }

    private static Optional<Piece> piece(Emitter emitter, Value value) {
        Optional<Node> node = emitter.producer(value.name());
        if (node.isEmpty()
                || !node.get().op().equals("Pad")
                || node.get().inputs().size() != 2) {
            return Optional.empty();
        }
        TensorProto widths = emitter.constants().get(node.get().input(1));
        int rank = value.rank();
        long[] pads = OnnxTensors.read(widths).toLongs();
        int axis = -1;
        for (int i = 0; i < pads.length; i++) {
            if (pads[i] < 0 || pads[i] > 0 && axis >= 0 && axis != i % rank) {
                return Optional.empty();
            }
            axis = pads[i] > 0 ? i % rank : axis;
        }
        long begin = pads[axis];
        long end = value.shape().size(axis) - pads[axis + rank];
        TensorShape shape = value.shape().with(axis, Dim.of(end - begin));
        return Optional.of(new Piece(value, new Value(node.get().input(0), shape), axis, begin, end));
    }

    private static boolean overlap(List<Piece> sorted) {
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).begin() < sorted.get(i - 1).end()) {
                return true;
            }
        }
        return false;
    }

    /** The pieces one behind the other, with zeros where there is none. */
    private static Value joined(Ops ops, List<Piece> pieces) {
        Value whole = pieces.get(0).whole();
        int axis = pieces.get(0).axis();
        long size = whole.shape().size(axis);
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            long[] before = new long[whole.rank()];
            long[] behind = new long[whole.rank()];
            before[axis] = i == 0 ? piece.begin() : 0;
            behind[axis] = (i + 1 < pieces.size() ? pieces.get(i + 1).begin() : size) - piece.end();
            parts.add(ops.pad(piece.inner(), before, behind));
        }
        return ops.concat(axis, parts);
    }
}
