package io.squisher.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;

/** What the disk alone costs: files are read, and bytes are written and forced, by two threads with a kept buffer each. */
final class PlainInputOutput {
    private static final int THREADS = 2;
    private static final int PIECE = 1 << 20;

    private final List<ByteBuffer> buffers = IntStream.range(0, THREADS)
            .mapToObj(thread -> ByteBuffer.allocateDirect(PIECE))
            .toList();

    /** Reads all of {@code inputs}. */
    void read(List<Path> inputs) {
        inBothThreads(thread -> inputs.forEach(input -> readPart(input, thread)));
    }

    /** Reads all of {@code inputs}, writes as many bytes as asked for to {@code output}, and forces them to disk. */
    void readAndWrite(List<Path> inputs, Path output, long bytes) {
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            inBothThreads(thread -> {
                inputs.forEach(input -> readPart(input, thread));
                writePart(channel, bytes, thread);
            });
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run(int thread);
    }

    private static void inBothThreads(Work work) {
        Thread other = new Thread(() -> work.run(1));
        other.start();
        work.run(0);
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void readPart(Path input, int thread) {
        try (FileChannel channel = FileChannel.open(input, StandardOpenOption.READ)) {
            long half = channel.size() / THREADS;
            long end = thread == 0 ? half : channel.size();
            for (long at = thread * half; at < end; ) {
                ByteBuffer buffer = buffers.get(thread).clear().limit((int) Math.min(PIECE, end - at));
                at += channel.read(buffer, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writePart(FileChannel channel, long bytes, int thread) {
        long half = bytes / THREADS;
        long end = thread == 0 ? half : bytes;
        try {
            for (long at = thread * half; at < end; ) {
                ByteBuffer buffer = buffers.get(thread).clear().limit((int) Math.min(PIECE, end - at));
                at += channel.write(buffer, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
