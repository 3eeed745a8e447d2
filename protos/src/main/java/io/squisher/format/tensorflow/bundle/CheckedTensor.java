package io.squisher.format.tensorflow.bundle;

import io.squisher.files.FormatException;
import io.squisher.tensor.ChecksummedTensor;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TypedTensor;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A stored tensor whose checksum is verified before the first of its bytes is handed out, and not before that: listing a large
 * checkpoint reads none of its values.
 */
final class CheckedTensor extends TypedTensor implements ChecksummedTensor {
    private static final int PIECE = 1 << 18;

    /** Reading into memory outside the heap spares a copy. */
    private static final ThreadLocal<ByteBuffer> BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(PIECE));

    private final FileTensor stored;
    private final String name;
    private final int checksum;
    private volatile boolean verified;

    /**
     * A tensor.
     *
     * @param checksum masked, of all its bytes
     */
    CheckedTensor(FileTensor stored, String name, int checksum) {
        super(stored.type(), stored.shape());
        this.stored = stored;
        this.name = name;
        this.checksum = checksum;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        if (!verified) {
            verify();
        }
        stored.readBytes(offset, target);
    }

    /** By the caller alone, however long: threads that read ahead may all be waiting for this. */
    private synchronized void verify() {
        if (verified) {
            return;
        }
        CRC32C crc = new CRC32C();
        ByteBuffer piece = BUFFER.get();
        for (long at = 0; at < byteSize(); at += PIECE) {
            piece.clear().limit((int) Math.min(PIECE, byteSize() - at));
            stored.readBytes(at, piece);
            crc.update(piece.flip());
        }
        check(crc.getValue());
    }

    @Override
    public boolean isVerified() {
        return verified;
    }

    @Override
    public Tensor unverified() {
        return stored;
    }

    @Override
    public void check(long actual) {
        if (MaskedCrc.mask(actual) != checksum) {
            throw FormatException.bad(stored.file(), BundleFile.FORMAT, "wrong checksum of tensor '" + name + "'");
        }
        verified = true;
    }
}
