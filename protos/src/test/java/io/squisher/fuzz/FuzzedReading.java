package io.squisher.fuzz;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Optional;

/** All that is read of a file of weights. */
final class FuzzedReading {
    /** Values of one file that are read: enough to reach every tensor's start, few enough for a thousand files a second. */
    private static final long MOST_ELEMENTS = 1 << 20;

    private FuzzedReading() {}

    /** All weights, by name. */
    static void weights(Path file) {
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

    /** The state of the optimizer, paired with the weights. */
    static void checkpoint(Path file) {
        if (!CheckpointFormats.recognises(file)) {
            return;
        }
        try (Checkpoint checkpoint = CheckpointFormats.open(file)) {
            Optional<WeightSource> weights = checkpoint.weights();
            weights.ifPresent(FuzzedReading::read);
            OptimizerState state = checkpoint.optimizer();
            ChunkReader chunks = new ChunkReader(1 << 12);
            Naming.of(state, weights.map(Parameters::of), false)
                    .forEach(pairing -> read(pairing.slot().accumulator().orElseThrow(), chunks, 1 << 16));
        }
    }
}
