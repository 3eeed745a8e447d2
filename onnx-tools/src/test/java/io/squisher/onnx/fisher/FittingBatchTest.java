package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.onnx.runtime.OutOfMemoryException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FittingBatchTest {
    private final List<String> runs = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    /** Memory for so many examples. */
    private FittingBatch.Run upTo(int most) {
        return (from, rows) -> {
            if (rows > most) {
                throw new OutOfMemoryException("no room", null);
            }
            runs.add(from + "+" + rows);
        };
    }

    @Test
    void everyExampleIsRunOnceInTheirOrder() {
        FittingBatch batch = new FittingBatch(4, notices::add);
        batch.over(10, 9, upTo(100));
        assertEquals(List.of("10+4", "14+4", "18+1"), runs);
        assertEquals(List.of(), notices);
    }

    @Test
    void aBatchIsHalvedUntilItFitsAndStaysSo() {
        FittingBatch batch = new FittingBatch(7, notices::add);
        batch.over(0, 5, upTo(1));
        batch.over(5, 2, upTo(1));
        assertEquals(List.of("0+1", "1+1", "2+1", "3+1", "4+1", "5+1", "6+1"), runs);
        assertEquals(
                List.of(
                        "out of memory with 5 examples at once, going on with 2",
                        "out of memory with 2 examples at once, going on with 1"),
                notices);
    }

    @Test
    void oneExampleThatDoesNotFitIsTheEnd() {
        FittingBatch batch = new FittingBatch(2, notices::add);
        assertThrows(OutOfMemoryException.class, () -> batch.over(0, 2, upTo(0)));
        assertEquals(List.of(), runs);
    }
}
