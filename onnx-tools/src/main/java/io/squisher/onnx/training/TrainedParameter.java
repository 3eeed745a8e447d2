package io.squisher.onnx.training;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parameter with all that is kept of it, outside the heap: ONNX Runtime reads the weights, and writes the gradient, where
 * they are.
 */
final class TrainedParameter {
    private final String name;
    private final Shape shape;
    private final ByteBuffer weights;
    private final Map<String, ByteBuffer> slots = new LinkedHashMap<>();
    private final ByteBuffer gradient;
    private final RowSums rows;
    /** Rows that have had a gradient: the others' slots are 0, and no update changes them. */
    private final BitSet touched;

    private Optional<ByteBuffer> ownSquares = Optional.empty();

    TrainedParameter(String name, Tensor start, List<String> slotNames, boolean isTable) {
        this.name = name;
        this.shape = start.shape();
        this.weights = floats();
        start.readBytes(0, weights);
        weights.rewind();
        slotNames.forEach(slot -> slots.put(slot, floats()));
        int firstDim = isTable ? (int) shape.dim(0) : 0;
        this.rows = isTable ? new RowSums(firstDim, (int) (shape.size() / firstDim)) : null;
        this.touched = new BitSet(firstDim);
        this.gradient = isTable ? null : floats();
    }

    private ByteBuffer floats() {
        return ByteBuffer.allocateDirect(Math.toIntExact(shape.size() * 4)).order(ByteOrder.LITTLE_ENDIAN);
    }

    void keepOwnSquares() {
        ownSquares = Optional.of(floats());
    }

    String name() {
        return name;
    }

    Shape shape() {
        return shape;
    }

    int size() {
        return (int) shape.size();
    }

    ByteBuffer weights() {
        return weights;
    }

    ByteBuffer slot(String slot) {
        return slots.get(slot);
    }

    Map<String, ByteBuffer> slots() {
        return slots;
    }

    Optional<ByteBuffer> ownSquares() {
        return ownSquares;
    }

    /** Whether it is a table of which batches look up rows. */
    boolean isTable() {
        return rows != null;
    }

    RowSums rows() {
        return rows;
    }

    BitSet touched() {
        return touched;
    }

    /** Finds the rows whose slots are not 0, after those were read from a file. */
    void findTouched() {
        touched.clear();
        int width = rows.width();
        for (ByteBuffer slot : slots.values()) {
            for (int i = 0; i < size(); i++) {
                if (slot.getInt(4 * i) != 0) {
                    touched.set(i / width);
                }
            }
        }
    }

    ByteBuffer gradient() {
        return gradient;
    }

    /** A view of one of its buffers. */
    Tensor tensor(ByteBuffer buffer) {
        return Tensor.of(ElementType.F32, shape, buffer.duplicate().rewind());
    }
}
