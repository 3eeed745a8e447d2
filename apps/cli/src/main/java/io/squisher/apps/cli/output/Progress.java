package io.squisher.apps.cli.output;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;

/** A progress bar that moves as tensors are read; none where nobody watches or the work is small. */
public final class Progress implements AutoCloseable {
    /** Below this many bytes the work is over before the bar is drawn. */
    private static final long WORTH_SHOWING = 64 << 20;

    private final ProgressBar bar;
    private final Map<String, Tensor> tensors;

    private Progress(ProgressBar bar, Map<String, Tensor> tensors) {
        this.bar = bar;
        this.tensors = tensors;
    }

    /** Watches {@code tensors}: those of {@link #tensors()} move the bar when they are read. */
    public static Progress over(String task, Map<String, Tensor> tensors, Console console) {
        long bytes = tensors.values().stream().mapToLong(Tensor::byteSize).sum();
        PrintStream stream = console.progressStream();
        if (stream == null || bytes < WORTH_SHOWING) {
            return new Progress(null, tensors);
        }
        ProgressBar bar =
                ProgressBars.bar(task, bytes, " MB", 1_000_000, stream).build();
        Map<String, Tensor> watched = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> watched.put(name, new Watched(tensor, bar)));
        return new Progress(bar, watched);
    }

    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private record Watched(Tensor tensor, ProgressBar bar) implements Tensor {
        @Override
        public ElementType type() {
            return tensor.type();
        }

        @Override
        public Shape shape() {
            return tensor.shape();
        }

        @Override
        public void readBytes(long offset, ByteBuffer target) {
            int count = target.remaining();
            tensor.readBytes(offset, target);
            bar.stepBy(count);
        }
    }
}
