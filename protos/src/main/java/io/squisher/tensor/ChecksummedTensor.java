package io.squisher.tensor;

/**
 * A stored tensor whose file says what the CRC-32C of its bytes is. Reading it verifies that first, for which all of it is read;
 * who passes over the whole tensor anyway verifies on the way instead, and must not use what was read if {@link #check} fails.
 */
public interface ChecksummedTensor extends Tensor {
    /** Whether the bytes are known to be right. */
    boolean isVerified();

    /** The same bytes, as they are. */
    Tensor unverified();

    /**
     * Compares the CRC-32C of all bytes with that in the file.
     *
     * @throws io.squisher.files.FormatException if they differ
     */
    void check(long checksum);
}
