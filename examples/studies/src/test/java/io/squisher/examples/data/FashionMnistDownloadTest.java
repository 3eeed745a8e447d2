package io.squisher.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistDownloadTest {
    @TempDir
    private Path source;

    @TempDir
    private Path target;

    @Test
    void refusesContentWithAnotherChecksumAndWritesNothing() throws IOException {
        Files.write(
                source.resolve("train-images-idx3-ubyte.gz"), IdxFiles.gzip(IdxFiles.bytes(new int[] {1}, (byte) 0)));
        SquisherException refused =
                assertThrows(SquisherException.class, () -> FashionMnistDownload.fetch(source.toUri(), target));
        assertTrue(refused.getMessage().contains("SHA-256"), refused.getMessage());
        try (var files = Files.list(target)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void saysWhatCannotBeFetchedAndTheWayOut() {
        SquisherException refused =
                assertThrows(SquisherException.class, () -> FashionMnistDownload.fetch(source.toUri(), target));
        assertTrue(refused.getMessage().contains("--data"), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void fetchesTheRealFiles() {
        Assumptions.assumeTrue(Files.isDirectory(FashionMnist.DEBIAN), "needs Debian's package dataset-fashion-mnist");
        FashionMnistDownload.fetch(FashionMnist.DEBIAN.toUri(), target);
        FashionMnist read = FashionMnist.read(target);
        assertEquals(60_000, read.training().size());
        assertEquals(10_000, read.test().size());
    }
}
