package io.squisher.apps.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ConcatenatedTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The Fisher of each source is ten times its values, so that where an element went can be seen. */
class ValueIndexTest {
    private final Random random = new Random(3);

    private Tensor random(long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return Tensor.of(shape, values);
    }

    private static Tensor tenTimes(Tensor tensor) {
        return new ComputedTensor(TensorSpec.of(tensor), List.of(tensor), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = 10 * inputs[0][i];
            }
        });
    }

    private static ValueIndex index(Map<String, Tensor> sources) {
        return new ValueIndex(sources, name -> tenTimes(sources.get(name)));
    }

    private static void assertFollows(Tensor wanted, ValueIndex.Found found) {
        assertEquals(wanted.shape(), found.fisher().shape());
        assertArrayEquals(tenTimes(wanted).toFloats(), found.fisher().toFloats());
    }

    @Test
    void kernelsOfConvolutionsArePermuted() {
        Tensor hwio = random(3, 3, 4, 5);
        Tensor oihw = StridedTensor.permuted(hwio, 3, 2, 0, 1);
        ValueIndex.Found found =
                index(Map.of("conv/kernel", hwio)).find("c", oihw).orElseThrow();
        assertEquals("conv/kernel (axes [3, 2, 0, 1])", found.words());
        assertFollows(oihw, found);
    }

    /** A square matrix fits its transpose by shape: only values tell. */
    @Test
    void aSquareMatrixIsTransposedWhereItsValuesAre() {
        Tensor square = random(4, 4);
        Tensor transposed = StridedTensor.permuted(square, 1, 0);
        ValueIndex index = index(Map.of("w", square));
        assertEquals("w (transposed)", index.find("t", transposed).orElseThrow().words());
        assertEquals("w", index.find("s", square).orElseThrow().words());
        assertFollows(transposed, index.find("t", transposed).orElseThrow());
    }

    @Test
    void joinedProjectionsAreFoundInTheirParts() {
        Map<String, Tensor> sources = new LinkedHashMap<>();
        for (String name : List.of("query", "key", "value")) {
            sources.put(name, random(4, 6));
        }
        Tensor joined = new ConcatenatedTensor(List.copyOf(sources.values()), 0);
        ValueIndex.Found found = index(sources).find("qkv", joined).orElseThrow();
        assertEquals("query + key + value (joined along axis 0)", found.words());
        assertFollows(joined, found);
        Tensor turned = StridedTensor.permuted(joined, 1, 0);
        assertFollows(turned, index(sources).find("qkv", turned).orElseThrow());
    }

    @Test
    void aPartOfAJoinedProjectionIsFound() {
        Tensor joined = random(12, 4);
        Tensor key = StridedTensor.permuted(StridedTensor.slice(joined, 0, 4, 4), 1, 0);
        ValueIndex.Found found = index(Map.of("in_proj", joined)).find("k", key).orElseThrow();
        assertEquals("in_proj [part 2 of 3, axis 0] (transposed)", found.words());
        assertFollows(key, found);
    }

    /** Eight heads of queries, two of keys and of values. */
    @Test
    void projectionsOfDifferentWidthAreFoundJoinedAndInParts() {
        Map<String, Tensor> sources = new LinkedHashMap<>();
        sources.put("query", random(16, 5));
        sources.put("key", random(4, 5));
        sources.put("value", random(4, 5));
        Tensor joined = new ConcatenatedTensor(List.copyOf(sources.values()), 0);
        ValueIndex.Found found = index(sources).find("qkv", joined).orElseThrow();
        assertEquals("query + key + value (joined along axis 0)", found.words());
        assertFollows(joined, found);
        ValueIndex index = index(Map.of("qkv", joined));
        ValueIndex.Found value = index.find("v", sources.get("value")).orElseThrow();
        assertEquals("qkv [part 6 of 6, axis 0]", value.words());
        assertFollows(sources.get("value"), value);
        ValueIndex.Found query = index.find("q", sources.get("query")).orElseThrow();
        assertEquals("qkv [part from 0 to 15, axis 0]", query.words());
        assertFollows(sources.get("query"), query);
    }

    @Test
    void equalValuesAreNotGuessedExceptByName() {
        Tensor zeros = Tensor.of(Shape.of(3), 0f, 0f, 0f);
        ValueIndex index = index(Map.of("a.bias", zeros, "b.bias", zeros));
        assertEquals(Optional.empty(), index.find("c", zeros));
        assertTrue(index.whyNot("c", zeros).startsWith("several tensors have these values (all are equal)"));
        assertEquals("a.bias", index.find("a.bias", zeros).orElseThrow().words());
    }

    @Test
    void foldedNormalizationIsSuspectedWhereThereWasOne() {
        ValueIndex index = index(Map.of("conv.weight", random(2, 2), "bn.running_mean", random(2)));
        assertTrue(index.whyNot("onnx::Conv_3", random(2, 2)).contains("a BatchNormalization was probably folded"));
        assertEquals("no tensor has its size", index.whyNot("x", random(5)));
    }
}
