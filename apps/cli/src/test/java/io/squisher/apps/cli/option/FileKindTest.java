package io.squisher.apps.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.files.ContentKind;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKindTest {
    /** A safetensors file begins with the length of its header, and one of 640 bytes begins as a pickle does. */
    @Test
    void knowsSafetensorsWhateverTheLengthOfTheirHeader(@TempDir Path folder) {
        Map<String, Tensor> tensors = Map.of("w", Tensor.of(Shape.of(1), 1f));
        Path path = folder.resolve("w.safetensors");
        for (int length = 0; length < 3000; length += 8) {
            SafetensorsWriter.write(path, tensors, Map.of("note", "x".repeat(length)));
            assertEquals(FileKind.WEIGHTS, FileKind.of(path), "a note of " + length);
            assertEquals(Optional.of(ContentKind.SAFETENSORS), ContentKind.of(path));
        }
    }
}
