package io.squisher.examples.data;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An array of bytes in the IDX format of the MNIST data sets (LeCun, Cortes and Burges 1998): two zero bytes, the type, the
 * number of dimensions, each dimension as a big-endian int, then the values row by row. Compressed with gzip or not, which
 * the first two bytes tell.
 *
 * @param dims its dimensions
 * @param values unsigned bytes, row-major
 */
record IdxFile(int[] dims, byte[] values) {
    private static final String FORMAT = "IDX file";
    private static final int GZIP = 0x1f8b;
    private static final int UNSIGNED_BYTE = 0x08;

    /** More than any of these data sets has; a header that asks for more is damaged. */
    private static final long MOST_VALUES = 1L << 30;

    private static final int BUFFER = 1 << 16;

    /**
     * Reads a file.
     *
     * @param rank how many dimensions it must have
     * @throws FormatException if it cannot be read, or is not such a file, whole and with nothing after its end
     */
    static IdxFile read(Path file, int rank) {
        try (DataInputStream in = open(file)) {
            return parse(file, in, rank);
        } catch (EOFException e) {
            throw FormatException.badWithin(file, FORMAT, "it ends early");
        } catch (ZipException e) {
            throw FormatException.badWithin(file, FORMAT, "its compression is damaged: " + e.getMessage());
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        BufferedInputStream plain = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            plain.mark(2);
            boolean compressed = (plain.read() << 8 | plain.read()) == GZIP;
            plain.reset();
            InputStream values = compressed ? new GZIPInputStream(plain, BUFFER) : plain;
            return new DataInputStream(values);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static IdxFile parse(Path file, DataInputStream in, int rank) throws IOException {
        int magic = in.readInt();
        if (magic >>> 16 != 0) {
            throw FormatException.notA(
                    file, FORMAT, String.format("it starts with 0x%08x, not with two zero bytes", magic));
        }
        if (magic >> 8 != UNSIGNED_BYTE) {
            throw FormatException.unsupported(
                    file, FORMAT, String.format("its values are of type 0x%02x, not unsigned bytes", magic >> 8));
        }
        if ((magic & 0xff) != rank) {
            throw FormatException.unsupported(
                    file, FORMAT, "it has " + (magic & 0xff) + " dimensions where " + rank + " are expected");
        }
        int[] dims = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++) {
            dims[i] = in.readInt();
            count = dims[i] <= 0 || count > MOST_VALUES ? Long.MAX_VALUE : count * dims[i];
        }
        if (count > MOST_VALUES) {
            throw FormatException.bad(file, FORMAT, "dimensions " + Arrays.toString(dims));
        }
        // Grows with what is really there, whatever the header says.
        byte[] values = in.readNBytes((int) count);
        if (values.length < count) {
            throw FormatException.bad(
                    file, FORMAT, "it ends after " + values.length + " of " + Counted.of(count, "value"));
        }
        if (in.read() >= 0) {
            throw FormatException.bad(file, FORMAT, "it goes on after its " + Counted.of(count, "value"));
        }
        return new IdxFile(dims, values);
    }

    /** As images with pixels 0 to 1: {@code [dims[0]][dims[1] · dims[2]]}. */
    float[][] images() {
        int pixels = dims[1] * dims[2];
        float[][] images = new float[dims[0]][pixels];
        for (int n = 0; n < images.length; n++) {
            for (int i = 0; i < pixels; i++) {
                images[n][i] = (values[n * pixels + i] & 0xff) / 255f;
            }
        }
        return images;
    }

    /** As labels. */
    int[] labels() {
        int[] labels = new int[dims[0]];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = values[n] & 0xff;
        }
        return labels;
    }
}
