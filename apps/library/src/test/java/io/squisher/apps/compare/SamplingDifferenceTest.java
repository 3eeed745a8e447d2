package io.squisher.apps.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.proto.SamplingError;
import io.squisher.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplingDifferenceTest {
    private static SamplingError error(double relative) {
        return SamplingError.newBuilder()
                .setPieces(9)
                .putRelative("w", relative)
                .build();
    }

    private static SamplingDifference of(Tensor a, Tensor b, SamplingError ofA, SamplingError ofB) {
        Comparison comparison = Comparison.of(Map.of("w", a), Map.of("w", b), 0.5);
        return SamplingDifference.of(comparison, ofA, ofB).get("w");
    }

    @Test
    void byHand() {
        // |A| = 5, |B| = 10, |A − B| = 5; expected √((0.3·5)² + (0.2·10)²) = 2.5.
        SamplingDifference difference = of(Fixtures.vector(3, 4), Fixtures.vector(6, 8), error(0.3), error(0.2));
        assertEquals(1, difference.distance(), 1e-12);
        assertEquals(0.5, difference.expected(), 1e-12);
        assertEquals(2, difference.ratio(), 1e-12);
        assertTrue(of(Fixtures.vector(3, 4), Fixtures.vector(6, 8), error(0.31), error(0.2))
                .isWithin());
        assertFalse(of(Fixtures.vector(3, 4), Fixtures.vector(6, 8), error(0.3), error(0.19))
                .isWithin());
    }

    @Test
    void aFileWithoutErrorsCountsAsExactAndTwoSayNothing() {
        SamplingError none = SamplingError.getDefaultInstance();
        assertEquals(
                0.3,
                of(Fixtures.vector(3, 4), Fixtures.vector(6, 8), error(0.3), none)
                        .expected(),
                1e-12);
        assertEquals(
                0.4,
                of(Fixtures.vector(3, 4), Fixtures.vector(6, 8), none, error(0.2))
                        .expected(),
                1e-12);
        Comparison same = Comparison.of(Map.of("w", Fixtures.vector(1, 2)), Map.of("w", Fixtures.vector(1, 2)), 0.5);
        assertTrue(SamplingDifference.of(same, none, none).isEmpty());
        assertEquals(0, SamplingDifference.of(same, error(0), error(0)).get("w").ratio());
    }

    @Test
    void ofVeryLargeAndVerySmallNumbers() {
        SamplingDifference difference =
                of(Fixtures.vector(3e-200, 4e-200), Fixtures.vector(6e-200, 8e-200), error(0.3), error(0.2));
        assertEquals(2, difference.ratio(), 1e-9);
    }
}
