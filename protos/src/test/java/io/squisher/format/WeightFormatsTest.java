package io.squisher.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFormatsTest {
    @TempDir
    Path folder;

    @Test
    void aModelIsRewrittenInItsOwnFormat() {
        Path path = folder.resolve("m.safetensors");
        Tensor ids = Tensor.of(Shape.of(1), 5L);
        SafetensorsWriter.write(path, Map.of("w", Tensor.of(Shape.of(2), 1f, 2f), "ids", ids), Map.of("format", "pt"));
        Path copy = folder.resolve("copy.safetensors");
        try (WeightSource source = WeightFormats.open(path)) {
            assertEquals(Role.CONSTANT, source.role("ids"));
            Map<String, Tensor> replaced = Map.of("w", Tensor.of(Shape.of(2), 3f, 4f));
            source.format().write(copy, source, replaced, Map.of("by", "test"));
        }
        try (WeightSource read = WeightFormats.open(copy)) {
            assertArrayEquals(new float[] {3, 4}, read.tensor("w").toFloats());
            assertArrayEquals(new long[] {5}, read.tensor("ids").toLongs());
            assertEquals(Map.of("format", "pt", "by", "test"), read.metadata());
        }
    }

    @Test
    void aModelIsNotWrittenOverItself() throws IOException {
        Path path = folder.resolve("m.safetensors");
        SafetensorsWriter.write(path, Map.of("w", Tensor.of(Shape.of(2), 1f, 2f)), Map.of());
        Path index = folder.resolve("n.safetensors.index.json");
        Path shard = folder.resolve("n-00001-of-00001.safetensors");
        Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), path);
        try (WeightSource source = WeightFormats.open(path)) {
            source.format().write(index, source, Map.of(), Map.of());
            assertRefused(path, source);
            assertRefused(link, source);
        }
        try (WeightSource source = WeightFormats.open(index)) {
            assertRefused(index, source);
            assertRefused(shard, source);
        }
    }

    private static void assertRefused(Path target, WeightSource source) throws IOException {
        byte[] before = Files.readAllBytes(target);
        Exception e =
                assertThrows(SquisherException.class, () -> source.format().write(target, source, Map.of(), Map.of()));
        assertTrue(
                e.getMessage().startsWith("cannot write '" + target + "': it is the file that is read"),
                e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(target));
    }

    @Test
    void aReplacementMustFit() {
        Path path = folder.resolve("m.safetensors");
        SafetensorsWriter.write(path, Map.of("w", Tensor.of(Shape.of(2), 1f, 2f)), Map.of());
        try (WeightSource source = WeightFormats.open(path)) {
            Path target = folder.resolve("out.safetensors");
            for (Map<String, Tensor> wrong :
                    List.of(Map.of("w", Tensor.of(Shape.of(1), 1f)), Map.of("v", Tensor.of(Shape.of(2), 1f, 2f)))) {
                assertThrows(SquisherException.class, () -> source.format().write(target, source, wrong, Map.of()));
            }
            assertTrue(Files.notExists(target));
        }
    }

    @Test
    void anUnknownFileNamesWhatIsKnown() throws IOException {
        Path path = Files.write(folder.resolve("notes.bytes"), new byte[] {1, 2, 3, 0});
        Exception e = assertThrows(SquisherException.class, () -> WeightFormats.open(path));
        assertTrue(e.getMessage().startsWith("cannot read '" + path + "': neither "), e.getMessage());
        Path missing = folder.resolve("missing.onnx");
        e = assertThrows(SquisherException.class, () -> WeightFormats.open(missing));
        assertEquals("cannot read '" + missing + "': no such file", e.getMessage());
    }
}
