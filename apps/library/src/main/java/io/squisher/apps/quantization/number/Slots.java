package io.squisher.apps.quantization.number;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;

/**
 * Which of a tensor's scales belongs to which weight. Scales are numbered as ONNX's {@code DequantizeLinear} stores them: row by
 * row of the tensor's shape in which the grouped axis has one position for each group.
 */
public final class Slots {
    private final Shape stored;
    private final int axis;
    private final int groupSize;
    private final long inner;
    private final long middle;
    private final int perGroup;
    private final long outerStep;
    private final long groupStep;
    private final long innerStep;

    /** How far a slot is from that of the next position outside the axis, of the next group along it, and inside it. */
    private record Steps(long outer, long group, long inner) {}

    private Slots(Shape shape, Shape stored, int axis, int groupSize, Steps steps) {
        this.stored = stored;
        this.axis = axis;
        this.groupSize = groupSize;
        this.inner = axis < 0 ? 1 : product(shape, axis + 1);
        this.middle = axis < 0 ? 1 : shape.dim(axis);
        this.perGroup = Math.max(1, groupSize);
        this.outerStep = steps.outer;
        this.groupStep = steps.group;
        this.innerStep = steps.inner;
        if (stored.size() > Integer.MAX_VALUE - 8) {
            throw new SquisherException(
                    "a tensor of shape " + shape + " has too many scales for one array: " + stored.size());
        }
    }

    /**
     * The slots of a tensor.
     *
     * @param channelAxis where output channels are counted
     */
    public static Slots of(Granularity granularity, Shape shape, int channelAxis) {
        if (granularity == Granularity.TENSOR || shape.rank() == 0) {
            return new Slots(shape, Shape.of(), -1, 0, new Steps(0, 0, 0));
        }
        if (granularity == Granularity.CHANNEL || shape.rank() == 1) {
            return channels(shape, channelAxis);
        }
        int axis = groupedAxis(channelAxis);
        long[] dims = shape.dims();
        dims[axis] = (dims[axis] + granularity.groupSize() - 1) / granularity.groupSize();
        Shape stored = Shape.of(dims);
        long inner = product(shape, axis + 1);
        return new Slots(
                shape,
                stored,
                axis,
                granularity.groupSize(),
                new Steps(Math.multiplyExact(dims[axis], inner), inner, 1));
    }

    /** One slot for each channel. */
    static Slots channels(Shape shape, int channelAxis) {
        return new Slots(shape, Shape.of(shape.dim(channelAxis)), channelAxis, 0, new Steps(0, 1, 0));
    }

    /** Groups run along the axis beside the channels': the one before it, or the second where channels come first. */
    private static int groupedAxis(int channelAxis) {
        return channelAxis == 0 ? 1 : channelAxis - 1;
    }

    private static long product(Shape shape, int from) {
        long product = 1;
        for (int i = from; i < shape.rank(); i++) {
            product *= shape.dim(i);
        }
        return product;
    }

    /** How many there are. */
    public int count() {
        return (int) stored.size();
    }

    /** The shape in which scales are stored: none for one scale, a vector for channels. */
    public Shape shape() {
        return stored;
    }

    /** The axis of the channels or groups; −1 for one scale. */
    public int axis() {
        return axis;
    }

    /** Weights in a group; 0 where there are no groups. */
    public int groupSize() {
        return groupSize;
    }

    /**
     * The slots of some weights.
     *
     * @param start index of the first weight
     * @param into gets {@code count} slots
     */
    public void of(long start, int count, int[] into) {
        long within = start % inner;
        long position = start / inner % middle;
        long outer = start / inner / middle;
        for (int i = 0; i < count; i++) {
            into[i] = (int) (outer * outerStep + position / perGroup * groupStep + within * innerStep);
            if (++within == inner) {
                within = 0;
                if (++position == middle) {
                    position = 0;
                    outer++;
                }
            }
        }
    }
}
