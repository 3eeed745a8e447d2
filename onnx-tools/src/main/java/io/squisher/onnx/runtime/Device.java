package io.squisher.onnx.runtime;

import io.squisher.SquisherException;
import java.io.Serializable;

/** Where a graph runs. */
public sealed interface Device extends Serializable {
    /** The processor. */
    record Cpu() implements Device {}

    /** A CUDA device; running fails where CUDA is missing. */
    record Cuda(int index) implements Device {}

    /**
     * A CUDA device where there is one, else the processor.
     *
     * @param asked whether the user named a device, and is told that there is no other; without CUDA in ONNX Runtime nobody
     *     else expects it
     */
    record Auto(boolean asked) implements Device {}

    /**
     * Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}.
     *
     * @throws SquisherException if the text is none of these
     */
    static Device parse(String text) {
        if (text.equals("auto")) {
            return new Auto(true);
        }
        if (text.equals("cpu")) {
            return new Cpu();
        }
        if (text.equals("cuda")) {
            return new Cuda(0);
        }
        if (text.matches("cuda:\\d{1,3}")) {
            return new Cuda(Integer.parseInt(text.substring(5)));
        }
        throw new SquisherException("'" + text + "' is no device; use auto, cpu, cuda or cuda:1");
    }
}
