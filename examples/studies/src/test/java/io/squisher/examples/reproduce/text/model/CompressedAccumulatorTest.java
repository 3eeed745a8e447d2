package io.squisher.examples.reproduce.text.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompressedAccumulatorTest {
    private static FisherDiagonal matrix(Shape shape, float... values) {
        return new FisherDiagonal(Map.of("layer.weight", Tensor.of(shape, values)), Provenance.getDefaultInstance());
    }

    /** Rows sum to 3 and 7, columns to 4 and 6, all to 10. */
    @Test
    void theFactoredOneHasTheSumsOfRowsAndColumns() {
        float[] product = CompressedAccumulator.factored(matrix(Shape.of(2, 2), 1, 2, 3, 4))
                .tensor("layer.weight")
                .toFloats();
        assertArrayEquals(new float[] {1.2f, 1.8f, 2.8f, 4.2f}, product, 1e-6f);
    }

    /** The table has 128 numbers above a tenth of a block's largest, and 8 from a hundred thousandth to a ten thousandth. */
    @Test
    void eightBitsKeepNumbersOfABlockOverFivePowersOfTen() {
        float[] values = new float[512];
        Random random = new Random(4);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.pow(10, -5 * random.nextDouble());
        }
        values[0] = 1;
        float[] kept = CompressedAccumulator.eightBit(matrix(Shape.of(2, 256), values.clone()))
                .tensor("layer.weight")
                .toFloats();
        assertEquals(1, kept[0]);
        for (int i = 0; i < values.length; i++) {
            double share = values[i] > 0.1 ? 0.04 : 0.6;
            assertEquals(values[i], kept[i], share * values[i], "number " + i + ", seed 4");
        }
    }
}
