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

    /** The processor, all cores, silence. */
    public static final RuntimeSettings CPU = new RuntimeSettings(new Device.Cpu(), 0, notice -> {});
}
