package io.squisher.onnx.runtime;

import io.squisher.SquisherException;
import java.util.function.Consumer;

/**
 * How graphs are run.
 *
 * @param threads threads of one operator; 0 for one a core
 * @param notices told what the user should know, such as a fallback
 */
public record RuntimeSettings(Device device, int threads, Consumer<String> notices) {
    public RuntimeSettings {
        if (threads < 0) {
            throw new SquisherException("threads are counted from 1 (0 for one a core), not " + threads);
        }
    }

    /** The threads that are meant: where none were named, one a core. */
    public int cores() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Whether graphs run on the processor for certain, not on a GPU. */
    public boolean isOnProcessor() {
        return device instanceof Device.Cpu || (device instanceof Device.Auto && !SessionOptionsFactory.hasCuda());
    }

    /** The same with other threads. */
    public RuntimeSettings withThreads(int count) {
        return new RuntimeSettings(device, count, notices);
    }

    /** The processor, all cores, silence. */
    public static final RuntimeSettings CPU = new RuntimeSettings(new Device.Cpu(), 0, notice -> {});
}
