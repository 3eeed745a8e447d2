package io.squisher.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    @TempDir
    private Path folder;

    @Test
    void readsFourFilesCompressedOrNot() throws IOException {
        IdxFiles.writeTiny(folder);
        FashionMnist read = FashionMnist.read(folder);
        assertArrayEquals(new int[] {0, 9}, read.training().labels());
        assertArrayEquals(new float[] {0, 0.2f, 1, 0}, read.test().images()[0], 1e-7f);
    }

    @Test
    void saysWhichFileIsMissingAndTheWaysOut() {
        SquisherException missing = assertThrows(SquisherException.class, () -> FashionMnist.read(folder));
        assertTrue(missing.getMessage().contains("train-images-idx3-ubyte"), missing.getMessage());
        assertTrue(missing.getMessage().contains("--download"), missing.getMessage());
    }

    @Test
    void refusesLabelsThatDoNotFit() throws IOException {
        IdxFiles.writeTiny(folder);
        Path labels = folder.resolve("train-labels-idx1-ubyte");
        Files.write(labels, IdxFiles.bytes(new int[] {3}, (byte) 0, (byte) 1, (byte) 2));
        assertRefused("3 labels for the 2 images");
        Files.write(labels, IdxFiles.bytes(new int[] {2}, (byte) 0, (byte) 10));
        assertRefused("label 10 of image 1");
    }

    private void assertRefused(String reason) {
        SquisherException refused = assertThrows(SquisherException.class, () -> FashionMnist.read(folder));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }
}
