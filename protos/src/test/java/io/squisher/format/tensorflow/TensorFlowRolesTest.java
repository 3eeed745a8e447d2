package io.squisher.format.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.squisher.format.WeightFormats;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowRolesTest {
    @TempDir
    Path folder;

    private static Set<String> parameters(WeightSource weights) {
        return weights.names().stream()
                .filter(name -> weights.role(name) == Role.PARAMETER)
                .collect(Collectors.toSet());
    }

    @Test
    void whatAnOptimizerKeepsIsNoParameterOfTensorFlowJava() {
        Tensor vector = Tensor.of(Shape.of(2), 1f, 2f);
        Tensor scalar = Tensor.of(Shape.of(), 0.9f);
        BundleWriter.write(
                folder.resolve("java"),
                new TreeMap<>(Map.of(
                        "w", vector, "w-m", vector, "w-v", vector, "beta1_power", scalar, "beta2_power", scalar)));
        try (WeightSource weights = WeightFormats.open(folder.resolve("java.index"))) {
            assertEquals(Set.of("w"), parameters(weights));
            assertEquals(Role.CONSTANT, weights.role("w-v"));
        }
    }

    @Test
    void noneOfKerasEither() {
        Path file = Path.of("src/test/resources/keras3/renamed.ckpt.index");
        try (WeightSource weights = WeightFormats.open(file)) {
            Set<String> parameters = parameters(weights);
            assertEquals(6, parameters.size(), parameters::toString);
            for (String name : parameters) {
                assertFalse(name.contains("/_variables/") || name.contains("_iterations"), name);
            }
        }
    }
}
