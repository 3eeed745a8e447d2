package io.squisher.templates.ewc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class EwcTest {
    @TempDir
    private Path folder;

    @Test
    void ewcRemembersEarlierTasks() {
        List<Double> free = Ewc.run(folder, 0, 3, 150);
        List<Double> held = Ewc.run(folder, 100, 3, 150);
        assertTrue(held.get(0) > free.get(0) + 5, free + " without, " + held + " with the penalty");
        assertTrue(Ewc.mean(held) > Ewc.mean(free), free + " without, " + held + " with the penalty");
    }
}
