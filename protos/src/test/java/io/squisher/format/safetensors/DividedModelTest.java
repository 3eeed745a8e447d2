package io.squisher.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DividedModelTest {
    @TempDir
    private Path folder;

    private Path template;
    private Path index;

    @BeforeEach
    void writeTemplate() {
        template = folder.resolve("template.safetensors");
        index = folder.resolve("m.safetensors.index.json");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int[] sizes = {1, 900, 3, 200, 300, 5, 1};
        for (int i = 0; i < sizes.length; i++) {
            float[] values = new float[sizes[i]];
            java.util.Arrays.fill(values, i + 1);
            tensors.put("t" + i, Tensor.of(Shape.of(sizes[i]), values));
        }
        SafetensorsWriter.write(template, tensors, Map.of("from", "template"));
    }

    /** Writes some files in a process of its own, as it were. */
    private boolean write(float value, String range) {
        try (WeightSource source = WeightFormats.open(template)) {
            ShardRange parsed = ShardRange.parse(range);
            Map<String, Tensor> replaced = Map.of("t0", Tensor.of(Shape.of(1), value));
            return DividedModel.of(index, source, replaced, Map.of("more", "said"), parsed.count())
                    .write(parsed);
        }
    }

    private void assertIsWhole(float value) {
        try (WeightSource written = WeightFormats.open(index);
                WeightSource source = WeightFormats.open(template)) {
            assertEquals(source.names(), written.names());
            for (String name : source.names()) {
                Tensor expected = name.equals("t0") ? Tensor.of(Shape.of(1), value) : source.tensor(name);
                assertArrayEquals(expected.toFloats(), written.tensor(name).toFloats(), name);
            }
            assertEquals("template", written.metadata().get("from"));
            assertEquals("said", written.metadata().get("more"));
        }
    }

    @Test
    void whoWritesTheLastFileAddsTheIndex() {
        for (int count = 1; count <= 7; count++) {
            for (int number = count; number >= 1; number--) {
                assertEquals(number == 1, write(count, number + "/" + count), number + " of " + count);
                assertEquals(number == 1, Files.exists(index));
            }
            assertIsWhole(count);
        }
        assertFalse(write(8, "1-2/3"));
        assertTrue(write(8, "3/3"));
        assertIsWhole(8);
    }

    @Test
    void filesOfAnEarlierModelCountAsMissing() throws IOException {
        assertTrue(write(1, "1-3/3"));
        assertFalse(write(2, "2/3"), "files 1 and 3 are of the model before");
        assertFalse(Files.exists(index));
        assertFalse(write(2, "1/3"));
        assertTrue(write(2, "3/3"));
        assertIsWhole(2);
        assertTrue(write(2, "3/3"), "one that is written again");
        Files.write(folder.resolve("m-00001-of-00003.safetensors"), new byte[3]);
        assertFalse(write(2, "2/3"), "a damaged one is missing");
    }

    @Test
    void refusesWhatCannotBeDivided() {
        assertRefused("'" + template + "' has 7 tensors, fewer than 8 files", () -> write(1, "1/8"));
        index = folder.resolve("m.safetensors");
        assertRefused("whose name ends in .safetensors.index.json", () -> write(1, "1/2"));
        for (String wrong : new String[] {"", "1", "a/b", "1/2/3", "-1/2", "1-/2"}) {
            assertRefused("takes FIRST-LAST/COUNT, such as 3-4/16, not '" + wrong + "'", () -> ShardRange.parse(wrong));
        }
        for (String wrong : new String[] {"0/2", "3/2", "2-1/2", "1-3/2", "1/0"}) {
            assertRefused("they are counted from 1", () -> ShardRange.parse(wrong));
        }
        assertEquals("3-4/16", ShardRange.parse("3-4/16").toString());
        assertEquals("3/16", ShardRange.parse("3/16").toString());
    }

    private static void assertRefused(String text, Runnable run) {
        String message = assertThrows(SquisherException.class, run::run).getMessage();
        assertTrue(message.contains(text), message);
        assertEquals(1, message.lines().count());
    }
}
