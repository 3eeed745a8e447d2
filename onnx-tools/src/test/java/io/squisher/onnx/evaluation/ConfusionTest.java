package io.squisher.onnx.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConfusionTest {
    private static final double EXACT = 1e-15;

    /** Labels 0 0 0 1 1 3, answers 0 0 1 1 3 3, four classes: each share counted by hand. */
    @Test
    void sharesAreThoseCountedByHand() {
        Confusion confusion = new Confusion(4);
        int[] labels = {0, 0, 0, 1, 1, 3};
        int[] answers = {0, 0, 1, 1, 3, 3};
        for (int i = 0; i < labels.length; i++) {
            confusion.add(labels[i], answers[i]);
        }
        assertEquals(1, confusion.count(0, 1));
        assertEquals(0, confusion.count(1, 0));
        assertEquals(3, confusion.labels(0));
        assertEquals(2, confusion.answers(1));
        assertEquals(1, confusion.precision(0), EXACT);
        assertEquals(2.0 / 3, confusion.recall(0), EXACT);
        assertEquals(0.8, confusion.f1(0), EXACT);
        assertEquals(5.0 / 6, confusion.accuracy(0), EXACT);
        assertEquals(0.5, confusion.precision(1), EXACT);
        assertEquals(0.5, confusion.recall(1), EXACT);
        assertEquals(4.0 / 6, confusion.accuracy(1), EXACT);
        assertEquals(2.0 / 3, confusion.f1(3), EXACT);
        // A class that nobody has or answers is no class of the mean.
        assertEquals(0, confusion.f1(2), EXACT);
        assertEquals(1, confusion.accuracy(2), EXACT);
        assertEquals((0.8 + 0.5 + 2.0 / 3) / 3, confusion.macroF1(), EXACT);
    }
}
