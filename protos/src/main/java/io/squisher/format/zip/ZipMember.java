package io.squisher.format.zip;

/**
 * An entry of the central directory.
 *
 * @param method 0 stored, 8 deflated
 * @param storedSize bytes in the archive
 * @param size bytes of the member itself
 * @param headerOffset position of its local header
 */
record ZipMember(String name, int method, long storedSize, long size, long headerOffset) {
    static final int STORED = 0;
    static final int DEFLATED = 8;
}
