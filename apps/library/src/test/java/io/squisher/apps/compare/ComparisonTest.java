package io.squisher.apps.compare;

import static io.squisher.apps.Fixtures.floats;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static Agreement compare(Tensor a, Tensor b) {
        return Comparison.of(Map.of("w", a), Map.of("w", b), 0.5).overall();
    }

    @Test
    void computesTheFiguresByHand() {
        Agreement agreement = compare(vector(3, 4), vector(4, 3));
        assertEquals(2, agreement.elements());
        assertEquals(24 / 25.0, agreement.cosine(), 1e-12);
        assertEquals(1, agreement.scaleRatio(), 1e-12);
        assertEquals(-1, agreement.spearman(), 1e-12);
        assertEquals(0, agreement.topOverlap());
        assertEquals(1 / 3.0, agreement.relativeError(), 1e-12);
    }

    @Test
    void ratioSaysHowManyTimesTheSecondIsLarger() {
        assertEquals(8, compare(vector(1, 2), vector(8, 16)).scaleRatio(), 1e-12);
    }

    @Test
    void figuresOfOrderAndDirectionIgnoreScaleEvenWhereSquaresVanish() {
        Agreement agreement = compare(vector(3e-200, 4e-200), vector(4e-210, 3e-210));
        assertEquals(24 / 25.0, agreement.cosine(), 1e-12);
        assertEquals(1e-10, agreement.scaleRatio(), 1e-22);
    }

    @Test
    void measuresSmallCoordinatesAgainstTheTensorsLargest() {
        // 1e-7 is below a millionth of 1, so its error counts against 1.
        assertEquals(9e-7, compare(vector(1, 1e-7), vector(1, 1e-6)).relativeError(), 1e-12);
        assertEquals(1, compare(vector(1, 1e-5), vector(1, 2e-5)).relativeError(), 1e-9);
    }

    @Test
    void takesATensorFarBelowTheFilesLargestAsZero() {
        Map<String, Tensor> reference = Map.of("big", vector(1), "key.bias", vector(1e-15));
        assertEquals(0, error(reference, Map.of("big", vector(1), "key.bias", vector(9e-8))));
        assertEquals(Double.POSITIVE_INFINITY, error(reference, Map.of("big", vector(1), "key.bias", vector(2e-7))));
    }

    private static double error(Map<String, Tensor> a, Map<String, Tensor> b) {
        return Comparison.of(a, b, 0.5).tensors().get("key.bias").relativeError();
    }

    @Test
    void notANumberIsAnInfiniteError() {
        assertEquals(
                Double.POSITIVE_INFINITY,
                compare(vector(1, 2), vector(1, Double.NaN)).relativeError());
    }

    @Test
    void listsWhatOnlyOneFileHasAndRefusesOtherShapesAllAtOnce() {
        Comparison comparison =
                Comparison.of(Map.of("w", vector(1), "a", vector(1)), Map.of("w", floats(1), "b", vector(1)), 0.5);
        assertEquals(List.of("a"), comparison.onlyInFirst());
        assertEquals(List.of("b"), comparison.onlyInSecond());

        Map<String, Tensor> two = Map.of("v", vector(1), "w", vector(1));
        Map<String, Tensor> longer = Map.of("v", vector(1, 2), "w", vector(1, 2));
        String message = assertThrows(SquisherException.class, () -> Comparison.of(two, longer, 0.5))
                .getMessage();
        assertTrue(message.contains("2 problems") && message.contains("'v'") && message.contains("'w'"), message);
    }

    @Test
    void samplesTheRanksOfWhatIsTooLargeToSort() {
        int limit = 1 << 12;
        int size = 2 * limit + 3;
        float[] values = new float[size];
        Random random = new Random(3);
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        Tensor tensor = Tensor.of(Shape.of(size), values);
        Agreement agreement = Comparison.of(Map.of("w", tensor), Map.of("w", tensor), 0.1, limit)
                .overall();
        assertEquals(size, agreement.elements());
        assertTrue(agreement.ranked() <= limit && agreement.ranked() > limit / 2);
        assertEquals(1, agreement.spearman(), 1e-9);
    }
}
