package io.squisher.files;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages a file in a few hundred reproducible ways and demands that a reader answers with one line of ours, or reads within
 * bounds. A failure names its seed. What needs more than luck to find is left to {@code io.squisher.fuzz}.
 */
public final class Mutations {
    private static final int SEEDS = 300;

    /** Opens the file and reads all of it. */
    @FunctionalInterface
    public interface Reader {
        void read(Path file);
    }

    private Mutations() {}

    /** Runs {@code reader} on mutants of {@code original}, written to {@code file}. */
    public static void of(byte[] original, Path file, Reader reader) throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Files.write(file, mutant(original, new Random(seed)));
            try {
                reader.read(file);
            } catch (SquisherException expected) {
                if (expected.getMessage().lines().count() != 1) {
                    throw new AssertionError("seed " + seed + ": " + expected.getMessage(), expected);
                }
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
    }

    private static byte[] mutant(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), (byte) -1);
                default -> {
                    int length = Math.min(random.nextInt(16), bytes.length - at);
                    System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
                }
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
