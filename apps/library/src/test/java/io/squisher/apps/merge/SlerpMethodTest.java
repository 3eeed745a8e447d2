package io.squisher.apps.merge;

import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.ModelsOnDisk;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlerpMethodTest extends ModelsOnDisk {
    private double[] merged(double weightA, double[] a, double weightB, double... b) {
        MergeInput first = new MergeInput(model(Map.of("w", vector(a))), Optional.empty(), weightA);
        MergeInput second = new MergeInput(model(Map.of("w", vector(b))), Optional.empty(), weightB);
        return Merge.plan(List.of(first, second), new SlerpMethod(), MergeOptions.DEFAULT)
                .tensors()
                .get("w")
                .toDoubles();
    }

    @Test
    void goesAlongTheArc() {
        double half = Math.sqrt(0.5);
        assertArrayEquals(new double[] {half, half}, merged(1, new double[] {1, 0}, 1, 0, 1), 1e-14);
        // A third of a right angle; lengths 2 and 3 go along.
        assertArrayEquals(
                new double[] {2 * Math.cos(Math.PI / 6), 3 * Math.sin(Math.PI / 6)},
                merged(2, new double[] {2, 0}, 1, 0, 3),
                1e-14);
        // 120 degrees apart: sin 60° / sin 120° = 1, the sum of both.
        double[] apart = {-0.5, Math.sqrt(0.75)};
        assertArrayEquals(new double[] {0.5, Math.sqrt(0.75)}, merged(1, new double[] {1, 0}, 1, apart), 1e-14);
    }

    @Test
    void isTheAverageWhereThereIsNoArc() {
        assertArrayEquals(new double[] {2, 4}, merged(1, new double[] {1, 2}, 1, 3, 6), 1e-12);
        assertArrayEquals(new double[] {0.5, 1}, merged(3, new double[] {1, 2}, 1, -1, -2), 1e-12);
        assertArrayEquals(new double[] {0.5, 1}, merged(1, new double[] {1, 2}, 1, 0, 0), 1e-12);
        assertArrayEquals(new double[] {2}, merged(1, new double[] {1}, 1, 3), 1e-12);
    }

    @Test
    void whatMustHoldForAnyTwoModels() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String told = "seed " + seed;
        double[] a = random.doubles(100, -1, 1).toArray();
        double[] b = random.doubles(100, -1, 1).toArray();
        assertArrayEquals(merged(1, a, 3, b), merged(3, b, 1, a), 1e-13, told);
        assertArrayEquals(a, merged(1, a, 0, b), told);
        assertArrayEquals(b, merged(0, a, 2, b), told);
        assertArrayEquals(a, merged(2, a, 1, a), 1e-14, told);
        double length = norm(a);
        double[] scaled =
                Arrays.stream(b).map(value -> value * length / norm(b)).toArray();
        assertEquals(length, norm(merged(1, a, 2, scaled)), 1e-12, told);
    }

    private static double norm(double... values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }

    @Test
    void isBetweenTwoModels() {
        MergeInput model = new MergeInput(model(Map.of("w", vector(1))), Optional.empty(), 1);
        String message = assertThrows(
                        SquisherException.class,
                        () -> Merge.plan(List.of(model, model, model), new SlerpMethod(), MergeOptions.DEFAULT))
                .getMessage();
        assertTrue(message.contains("slerp is between two models, got 3"), message);
    }
}
