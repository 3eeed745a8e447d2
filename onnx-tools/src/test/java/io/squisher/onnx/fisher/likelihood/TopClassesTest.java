package io.squisher.onnx.fisher.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TopClassesTest {
    private static final double[] LOGITS = {Math.log(1), Math.log(3), Math.log(6), Math.log(2), Math.log(7), Math.log(1)
    };

    @Test
    void theMostProbableOfEachPositionComeFirst() {
        TopClasses classes = TopClasses.of(new TopClasses.Logits(LOGITS, 3, 2, 1), 2);
        assertArrayEquals(new long[] {2, 1}, classes.byRank()[0]);
        assertArrayEquals(new long[] {1, 0}, classes.byRank()[1]);
        assertArrayEquals(new double[] {0.1, 0.1}, classes.neglected(), 1e-12);
    }

    @Test
    void classesMayLieAlongAnyAxis() {
        // [1, 3 classes, 2 positions]: the first position has 1, 6, 7 and the second 3, 2, 1.
        TopClasses classes = TopClasses.of(new TopClasses.Logits(LOGITS, 3, 2, 2), 1);
        assertArrayEquals(new long[] {2, 0}, classes.byRank()[0]);
        assertArrayEquals(new double[] {0.5, 0.5}, classes.neglected(), 1e-12);
    }

    @Test
    void moreThanThereAreIsAll() {
        TopClasses classes = TopClasses.of(new TopClasses.Logits(LOGITS, 3, 2, 1), 9);
        assertEquals(3, classes.byRank().length);
        assertArrayEquals(new double[] {0, 0}, classes.neglected());
    }

    @Test
    void whatIsLeftOutIsKnownWhereTheModelIsSure() {
        TopClasses classes = TopClasses.of(new TopClasses.Logits(new double[] {0, -60}, 2, 1, 1), 1);
        assertEquals(Math.exp(-60), classes.neglected()[0], 1e-35);
    }
}
