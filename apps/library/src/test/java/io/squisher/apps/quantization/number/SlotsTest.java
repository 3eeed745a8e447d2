package io.squisher.apps.quantization.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tensor.Shape;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static int[] all(Slots slots, Shape shape) {
        int[] at = new int[(int) shape.size()];
        slots.of(0, at.length, at);
        return at;
    }

    @Test
    void channelsAreCountedAlongTheirAxis() {
        Shape shape = Shape.of(2, 3);
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 1}, all(Slots.of(Granularity.CHANNEL, shape, 0), shape));
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, all(Slots.of(Granularity.CHANNEL, shape, 1), shape));
        assertArrayEquals(new int[6], all(Slots.of(Granularity.TENSOR, shape, 0), shape));
        assertEquals(Shape.of(), Slots.of(Granularity.TENSOR, shape, 0).shape());
    }

    /** The definition, index by index: the scale of x[i0, i1, ...] is s[..., floor(ia / B), ...]. */
    @Test
    void groupsAreWhereOnnxHasThem() {
        Shape shape = Shape.of(3, 70, 2);
        for (int channelAxis = 0; channelAxis < 3; channelAxis++) {
            for (Granularity granularity : Granularity.GROUPS) {
                Slots slots = Slots.of(granularity, shape, channelAxis);
                int axis = channelAxis == 0 ? 1 : channelAxis - 1;
                assertEquals(axis, slots.axis());
                int[] expected = new int[(int) shape.size()];
                for (int i = 0; i < expected.length; i++) {
                    long[] index = {i / 140, i / 2 % 70, i % 2};
                    index[axis] /= granularity.groupSize();
                    long[] dims = slots.shape().dims();
                    expected[i] = (int) ((index[0] * dims[1] + index[1]) * dims[2] + index[2]);
                }
                assertArrayEquals(expected, all(slots, shape), granularity + " beside axis " + channelAxis);
            }
        }
    }

    @Test
    void piecesAreThePiecesOfTheWhole() {
        Shape shape = Shape.of(5, 33, 3);
        Slots slots = Slots.of(Granularity.GROUP32, shape, 2);
        int[] whole = all(slots, shape);
        for (int start = 0; start < whole.length; start += 7) {
            int[] piece = new int[Math.min(7, whole.length - start)];
            slots.of(start, piece.length, piece);
            assertArrayEquals(java.util.Arrays.copyOfRange(whole, start, start + piece.length), piece);
        }
    }
}
