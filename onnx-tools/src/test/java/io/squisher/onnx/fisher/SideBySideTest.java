package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.onnx.runtime.OutOfMemoryException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {
    /** Each waits for the other, so that none could end before the other begins. */
    @Test
    void tasksRunAtTheSameTimeAndAnswerInTheirOrder() {
        CountDownLatch both = new CountDownLatch(2);
        try (SideBySide sideBySide = new SideBySide()) {
            for (int round = 0; round < 3; round++) {
                assertEquals(List.of("a", "b"), sideBySide.run(List.of(meeting(both, "a"), meeting(both, "b"))));
            }
        }
    }

    private static Supplier<String> meeting(CountDownLatch both, String answer) {
        return () -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return answer;
        };
    }

    @Test
    void aFailureIsReportedWhenNoTaskRunsAnyMore() {
        AtomicInteger done = new AtomicInteger();
        OutOfMemoryException failure = new OutOfMemoryException("no room", null);
        Supplier<Integer> works = () -> {
            pause();
            return done.incrementAndGet();
        };
        Supplier<Integer> fails = () -> {
            throw failure;
        };
        try (SideBySide sideBySide = new SideBySide()) {
            assertSame(
                    failure,
                    assertThrows(
                            OutOfMemoryException.class, () -> sideBySide.run(List.of(works, fails, works, fails))));
            assertEquals(2, done.get());
            assertThrows(OutOfMemoryException.class, () -> sideBySide.run(List.of(fails, works)));
            assertEquals(3, done.get());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
