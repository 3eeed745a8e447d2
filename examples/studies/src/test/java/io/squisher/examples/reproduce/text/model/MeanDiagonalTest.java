package io.squisher.examples.reproduce.text.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeanDiagonalTest {
    @TempDir
    Path folder;

    private Path accumulator(String name, long steps, float... values) {
        Provenance provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setAccumulator(Accumulator.newBuilder()
                        .setOptimizer("Adam")
                        .setDecay(0.5)
                        .setStep(steps)
                        .setBatchSize(4))
                .build();
        Path file = folder.resolve(name);
        FisherFile.write(
                file,
                new FisherDiagonal(
                        Map.of(
                                "layer.weight", Tensor.of(Shape.of(2), values),
                                "head.weight", Tensor.of(Shape.of(1), 9f)),
                        provenance));
        return file;
    }

    /** After one step a half is missing to the limit, after two a quarter: 1 stands for 2, and 3 for 4; their mean is 3, or 1.5. */
    @Test
    void accumulatorsOfMoreStepsAreNearerToTheirLimit() {
        List<Path> files = List.of(accumulator("a", 1, 1, 0), accumulator("b", 2, 3, 0));
        try (MeanDiagonal mean = MeanDiagonal.of(files, FisherScale.BATCH_IF_KNOWN)) {
            assertEquals(List.of("layer.weight"), List.copyOf(mean.diagonal().names()));
            assertArrayEquals(
                    new double[] {1.5, 0},
                    mean.diagonal().tensor("layer.weight").toDoubles(),
                    1e-6);
        }
        // B = 4 times 3, over two numbers.
        assertEquals(6, MeanDiagonal.of(files, FisherScale.BATCH_IF_KNOWN).mean(), 1e-5);
    }
}
