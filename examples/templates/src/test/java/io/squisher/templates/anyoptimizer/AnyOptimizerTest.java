package io.squisher.templates.anyoptimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.proto.Accumulator;
import io.squisher.weights.ContentHash;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class AnyOptimizerTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Adam",
                "Nadam",
                "AdaGradDA",
                "RMSProp",
                "AdaGrad",
                "AdaDelta",
                "Ftrl",
                "Adamax",
                "Momentum",
                "SGD"
            })
    void threeLinesSaveTheSquaredGradientsOfAnyOptimizer(String optimizer) {
        try (FisherFile squisher = FisherFile.open(AnyOptimizer.run(folder.resolve("model"), optimizer, 40));
                BundleFile checkpoint = BundleFile.open(folder.resolve("model"))) {
            FisherDiagonal diagonal = squisher.diagonal();
            Accumulator accumulator = diagonal.provenance().getAccumulator();
            assertEquals(40, accumulator.getStep());
            assertEquals(32, accumulator.getBatchSize());
            assertEquals(4, diagonal.names().size());
            assertEquals(
                    ContentHash.of(diagonal.names(), checkpoint::tensor),
                    diagonal.provenance().getWeightsHash());
            // What is left of the start value is gone after correction: a pixel that is never lit has no gradient.
            var rescaling = FisherScale.BATCH.rescaling(diagonal.provenance(), optimizer);
            double[] kernel = Arrays.stream(diagonal.tensor("hidden.kernel").toDoubles())
                    .map(rescaling.of("hidden.kernel")::apply)
                    .toArray();
            double largest = Arrays.stream(kernel).max().orElseThrow();
            assertTrue(largest > 1e-4 && kernel[0] < 1e-3 * largest, optimizer + ": " + largest + ", " + kernel[0]);
        }
    }
}
