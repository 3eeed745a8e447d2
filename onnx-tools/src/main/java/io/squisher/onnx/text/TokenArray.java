package io.squisher.onnx.text;

import io.squisher.onnx.text.TokenInputs.Kind;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What one input takes of some texts, {@code [N, length]} whole numbers, filled up as it is read. */
final class TokenArray implements Tensor {
    private static final int BYTES = 8;

    private final Kind kind;
    private final List<Tokens> texts;
    private final int length;
    private final int pad;

    /**
     * @param length at least the longest text's
     * @param pad the number of the token that fills up
     */
    TokenArray(Kind kind, List<Tokens> texts, int length, int pad) {
        this.kind = kind;
        this.texts = texts;
        this.length = length;
        this.pad = pad;
    }

    @Override
    public ElementType type() {
        return ElementType.I64;
    }

    @Override
    public Shape shape() {
        return Shape.of(texts.size(), length);
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        ByteBuffer row = ByteBuffer.allocate(length * BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long at = offset;
        while (target.hasRemaining()) {
            fill(row, texts.get(Math.toIntExact(at / row.capacity())));
            int from = (int) (at % row.capacity());
            int count = Math.min(target.remaining(), row.capacity() - from);
            target.put(row.slice(from, count));
            at += count;
        }
    }

    private void fill(ByteBuffer row, Tokens text) {
        for (int i = 0; i < length; i++) {
            boolean token = i < text.count();
            long value =
                    switch (kind) {
                        case IDS -> token ? text.ids()[i] : pad;
                        case MASK -> token ? 1 : 0;
                        case TYPES -> token ? text.types()[i] : 0;
                        case POSITIONS -> i;
                    };
            row.putLong(i * BYTES, value);
        }
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
