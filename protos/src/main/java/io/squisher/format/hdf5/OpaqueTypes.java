package io.squisher.format.hdf5;

import io.squisher.files.FileRegion;
import java.nio.ByteBuffer;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The types that h5py writes for numbers of two bytes that HDF5 has no type for, which is bfloat16: opaque, without a tag. The library
 * does not read a type without a tag. It is shown the type of a text of two bytes instead, whose message differs in one byte; values
 * are read from the file itself.
 */
final class OpaqueTypes {
    /** What the library is shown: version 1, class 3. */
    static final byte TEXT = 0x13;

    /**
     * A message of an object's header, version 1: type 3, eight bytes, constant, three reserved; then version 1 and class 5, no tag, size 2.
     */
    private static final byte[] MESSAGE = {3, 0, 8, 0, 1, 0, 0, 0, 0x15, 0, 0, 0, 2, 0, 0, 0};

    private static final int CLASS = 8;
    private static final int CHUNK = 1 << 20;

    /** More of them are no model. */
    private static final int MOST = 1_000_000;

    private OpaqueTypes() {}

    /** Where the bytes stand that say the class. */
    static NavigableSet<Long> find(FileRegion content) {
        TreeSet<Long> found = new TreeSet<>();
        byte[] chunk = new byte[CHUNK];
        for (long at = 0; at < content.size() && found.size() < MOST; at += CHUNK - MESSAGE.length) {
            int count = (int) Math.min(CHUNK, content.size() - at);
            content.read(at, ByteBuffer.wrap(chunk, 0, count));
            for (int i = 0; i + MESSAGE.length <= count; i++) {
                if (isMessage(chunk, i)) {
                    found.add(at + i + CLASS);
                }
            }
        }
        return found;
    }

    private static boolean isMessage(byte[] chunk, int at) {
        for (int i = 0; i < MESSAGE.length; i++) {
            // Whether the type is shared by several objects does not matter.
            if (i != 4 && chunk[at + i] != MESSAGE[i]) {
                return false;
            }
        }
        return true;
    }
}
