package io.squisher.apps.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TensorSummaryTest {
    private static TensorSummary of(Tensor tensor) {
        return TensorSummary.of(tensor, new ChunkReader(4));
    }

    @Test
    void countsAndAverages() {
        assertEquals(new TensorSummary(-2, 6, 1.6, 1, 0), of(Fixtures.vector(-2, 0, 6, 3, 1)));
    }

    @Test
    void leavesNotANumberAside() {
        TensorSummary summary = of(Fixtures.vector(Double.NaN, 2, 4, Double.POSITIVE_INFINITY, Double.NaN));
        assertEquals(new TensorSummary(2, Double.POSITIVE_INFINITY, 3, 0, 3), summary);
        assertTrue(Double.isNaN(of(Fixtures.vector(Double.NaN)).min()));
    }
}
