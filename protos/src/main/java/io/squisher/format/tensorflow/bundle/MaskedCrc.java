package io.squisher.format.tensorflow.bundle;

import java.util.zip.CRC32C;

/** The checksum of tables and tensors: CRC-32C, rotated and shifted, so that a checksum of checksums stays one. */
final class MaskedCrc {
    private static final int DELTA = 0xa282ead8;

    private MaskedCrc() {}

    static int of(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return mask(crc);
    }

    static int mask(CRC32C crc) {
        return mask(crc.getValue());
    }

    static int mask(long crc) {
        int value = (int) crc;
        return (value >>> 15 | value << 17) + DELTA;
    }
}
