package io.squisher.fuzz;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Parameters;
import io.squisher.fisher.FisherFile;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Jazzer calls: one reader, named by the first argument, on one input after the other. */
public final class FuzzTarget {
    /** Values of one file that are read: enough to reach every tensor's start, few enough for a thousand files a second. */
    private static final long MOST_ELEMENTS = 1 << 20;

    private static FuzzedReader reader;
    private static Path folder;

    private FuzzTarget() {}

    /** Called once; the name is Jazzer's. */
    public static void fuzzerInitialize(String[] arguments) throws IOException {
        reader = FuzzedReader.valueOf(arguments[0]);
        folder = Files.createTempDirectory("squisher-fuzz");
    }

    /**
     * Called for each input; the name is Jazzer's.
     *
     * @throws RuntimeException whatever is no refusal in one line: a finding
     */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path file = reader.place(data, folder);
        if (file == null) {
            return;
        }
        expectOneLine(() -> weights(file));
        expectOneLine(() -> checkpoint(file));
        expectOneLine(() -> FisherFile.open(file).close());
    }

    private static void expectOneLine(Runnable reading) {
        try {
            reading.run();
        } catch (SquisherException refusal) {
            if (refusal.getMessage().lines().count() != 1) {
                throw new IllegalStateException("not one line: " + refusal.getMessage(), refusal);
            }
        }
    }

    private static void weights(Path file) {
        try (WeightSource source = WeightFormats.open(file)) {
            read(source);
        }
    }

    private static void read(WeightSource source) {
        ChunkReader chunks = new ChunkReader(1 << 12);
        long left = MOST_ELEMENTS;
        for (String name : source.names()) {
            source.role(name);
            left -= read(source.tensor(name), chunks, left);
        }
        source.aliases();
        source.metadata();
    }

    private static long read(Tensor tensor, ChunkReader chunks, long most) {
        double[] values = new double[1 << 12];
        long at = 0;
        int count;
        while (at < most && (count = chunks.read(tensor, at, values)) > 0) {
            at += count;
        }
        return at;
    }

    private static void checkpoint(Path file) {
        if (!CheckpointFormats.recognises(file)) {
            return;
        }
        try (Checkpoint checkpoint = CheckpointFormats.open(file)) {
            Optional<WeightSource> weights = checkpoint.weights();
            weights.ifPresent(FuzzTarget::read);
            OptimizerState state = checkpoint.optimizer();
            ChunkReader chunks = new ChunkReader(1 << 12);
            Naming.of(state, weights.map(Parameters::of), false)
                    .forEach(pairing -> read(pairing.slot().accumulator().orElseThrow(), chunks, 1 << 16));
        }
    }
}
