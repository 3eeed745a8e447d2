package io.squisher.spark;

import java.util.HexFormat;

/**
 * What a value of the shuffle is. Sorted by its text, the blocks of all partitions stand together, in the partitions' order.
 *
 * @param tensor the parameter's number; or {@link #HEADER} or {@link #ERROR}
 * @param block the number of the block in it
 * @param partition whose sums they are
 */
record BlockKey(int tensor, int block, int partition) {
    /** What stands beside the sums of a partition. */
    static final int HEADER = -1;

    /** Why a partition has none: a message for the user. */
    static final int ERROR = -2;

    private static final int FIRST = 2;
    private static final int DIGITS = 8;

    boolean isBlock() {
        return tensor >= 0;
    }

    /** A plain text, which every serializer knows. */
    String text() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(tensor + FIRST) + hex.toHexDigits(block) + hex.toHexDigits(partition);
    }

    static BlockKey parse(String text) {
        return new BlockKey(
                HexFormat.fromHexDigits(text, 0, DIGITS) - FIRST,
                HexFormat.fromHexDigits(text, DIGITS, 2 * DIGITS),
                HexFormat.fromHexDigits(text, 2 * DIGITS, 3 * DIGITS));
    }

    /** Whether it is the same block, of any partition. */
    boolean isSameBlock(BlockKey other) {
        return tensor == other.tensor && block == other.block;
    }
}
