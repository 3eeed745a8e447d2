package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.data.NpzFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialSumsTest {
    private static final Fixture FIXTURE = Fixture.load("mlp_relu");
    private static final int BATCH = 3;
    private static final long ALWAYS = -1;

    @TempDir
    Path folder;

    private Path output() {
        return folder.resolve("fisher.safetensors");
    }

    private Path saved() {
        return folder.resolve("fisher.safetensors.partial");
    }

    @Test
    void anInterruptedRunGoesOnToTheSameNumbersBitForBit() {
        for (FisherKind kind :
                List.of(new FisherKind.Empirical(), new FisherKind.Joint(), new FisherKind.Sampled(2, 5))) {
            try (NpzFile data = FIXTURE.data()) {
                FisherDiagonal whole;
                try (FisherEstimator estimator = estimator(data, kind, BATCH)) {
                    whole = estimator.run(FisherListener.SILENT);
                }
                interrupt(data, kind);
                List<Long> progress = new ArrayList<>();
                try (FisherEstimator estimator = estimator(data, kind, BATCH)) {
                    PartialSums partial = PartialSums.beside(output());
                    FisherDiagonal resumed =
                            estimator.run(listener(progress), always(partial)).toDiagonal();
                    assertEquals(BATCH, progress.get(0), kind + " starts where it was saved");
                    assertEquals(whole.names(), resumed.names());
                    whole.tensors()
                            .forEach((name, tensor) -> assertArrayEquals(
                                    tensor.toBytes().array(),
                                    resumed.tensor(name).toBytes().array(),
                                    kind + " " + name));
                    partial.delete();
                    assertFalse(Files.exists(saved()));
                    partial.delete();
                }
            }
        }
    }

    @Test
    void sumsOfAnotherRequestAreRefused() {
        try (NpzFile data = FIXTURE.data()) {
            interrupt(data, new FisherKind.Empirical());
            assertRefused(data, new FisherKind.Empirical(), BATCH + 1);
            assertRefused(data, new FisherKind.Joint(), BATCH);
            assertTrue(Files.exists(saved()), "what was saved is left alone");
        }
    }

    private void assertRefused(NpzFile data, FisherKind kind, int batch) {
        try (FisherEstimator estimator = estimator(data, kind, batch)) {
            PartialSums partial = PartialSums.beside(output());
            SquisherException refusal = assertThrows(
                    SquisherException.class,
                    () -> estimator.run(FisherListener.SILENT, FisherRun.ALL.savedIn(partial)));
            assertTrue(refusal.getMessage().contains(saved().toString()), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("another estimation"), refusal.getMessage());
            assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
        }
    }

    /** Stops in the second batch, after the first was saved. */
    private void interrupt(NpzFile data, FisherKind kind) {
        try (FisherEstimator estimator = estimator(data, kind, BATCH)) {
            FisherListener stop = new FisherListener() {
                @Override
                public void progressed(long examples) {
                    if (examples > BATCH) {
                        throw new IllegalStateException("interrupted");
                    }
                }
            };
            PartialSums partial = PartialSums.beside(output());
            assertThrows(IllegalStateException.class, () -> estimator.run(stop, always(partial)));
            assertTrue(Files.exists(saved()));
        }
    }

    private static FisherRun always(PartialSums partial) {
        return FisherRun.ALL.savedIn(partial).saveEvery(ALWAYS);
    }

    private static FisherEstimator estimator(NpzFile data, FisherKind kind, int batch) {
        return new FisherEstimator(FisherRequest.of(FIXTURE.model(), Fixture.examples(data), FIXTURE.likelihood(), kind)
                .withBatchSize(batch));
    }

    private static FisherListener listener(List<Long> progress) {
        return new FisherListener() {
            @Override
            public void progressed(long examples) {
                progress.add(examples);
            }
        };
    }
}
