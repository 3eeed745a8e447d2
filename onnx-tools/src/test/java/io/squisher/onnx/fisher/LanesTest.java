package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final long SMALL = 1000;

    private static RuntimeSettings threads(int count) {
        return new RuntimeSettings(new Device.Cpu(), count, notice -> {});
    }

    @Test
    void aLaneForEachThread() {
        assertEquals(new Lanes(2, 1), Lanes.of(threads(2), 64, SMALL));
        assertEquals(new Lanes(16, 1), Lanes.of(threads(16), 1024, SMALL));
    }

    @Test
    void threadsThatHaveNoLaneHelpTheOthers() {
        assertEquals(new Lanes(2, 15), Lanes.of(threads(16), 8, SMALL));
    }

    @Test
    void noneOnOneThreadAndNoneForFewExamples() {
        assertEquals(new Lanes(1, 1), Lanes.of(threads(1), 64, SMALL));
        assertEquals(new Lanes(1, 2), Lanes.of(threads(2), 7, SMALL));
        assertEquals(new Lanes(1, 2), Lanes.of(threads(2), 1, SMALL));
    }

    @Test
    void noneForSoManyExamplesThatEachIsSmall() {
        assertEquals(new Lanes(2, 1), Lanes.of(threads(2), 512, SMALL));
        assertEquals(new Lanes(1, 2), Lanes.of(threads(2), 1024, SMALL));
    }

    @Test
    void noneWhereSumsOfTheirOwnAreLarge() {
        assertEquals(new Lanes(2, 3), Lanes.of(threads(4), 64, 200L << 20));
        assertEquals(new Lanes(1, 4), Lanes.of(threads(4), 64, 300L << 20));
    }

    @Test
    void noneOnAGpu() {
        RuntimeSettings gpu = new RuntimeSettings(new Device.Cuda(0), 2, notice -> {});
        assertEquals(new Lanes(1, 2), Lanes.of(gpu, 64, SMALL));
    }
}
