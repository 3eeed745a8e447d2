package io.squisher.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    private static final Tensor A = Tensor.of(Shape.of(2), 1f, 2f);
    private static final Tensor B = Tensor.of(Shape.of(1, 2), 3f, 4f);

    private static String hash(Map<String, Tensor> tensors) {
        return ContentHash.of(tensors.keySet(), tensors::get);
    }

    /** SHA-256 of "a\tF32\t[2]\t<crc32c>\nb\t...", computed with Python's hashlib and a bitwise CRC-32C. */
    @Test
    void isTheDocumentedSum() {
        assertEquals("03b630aedc2c3c62240f3d41429183a79ebe6ec56b969b058cca906137f96d25", hash(Map.of("a", A, "b", B)));
    }

    @Test
    void theOrderOfTheFileDoesNotMatter() {
        Map<String, Tensor> backwards = new LinkedHashMap<>();
        backwards.put("b", B);
        backwards.put("a", A);
        assertEquals(hash(Map.of("a", A, "b", B)), hash(backwards));
    }

    @Test
    void onlyTheNamedTensorsCount() {
        Map<String, Tensor> all = Map.of("a", A, "b", B);
        assertEquals(hash(Map.of("a", A)), ContentHash.of(List.of("a"), all::get));
    }

    @Test
    void aValueShapeTypeOrNameMakesADifference() {
        String of = hash(Map.of("a", A));
        assertNotEquals(of, hash(Map.of("a", Tensor.of(Shape.of(2), 1f, Math.nextUp(2f)))));
        assertNotEquals(of, hash(Map.of("a", Tensor.of(Shape.of(2, 1), 1f, 2f))));
        assertNotEquals(of, hash(Map.of("a", Tensor.of(Shape.of(2), 1.0, 2.0))));
        assertNotEquals(of, hash(Map.of("b", A)));
    }
}
