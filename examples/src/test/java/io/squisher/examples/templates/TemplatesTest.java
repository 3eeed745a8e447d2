package io.squisher.examples.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplatesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/squisher/examples/templates");
    private static final int MOST_LINES = 120;

    @Test
    void trainingLoopSavesASquisherThatBelongsToItsModel(@TempDir Path folder) {
        float loss = TrainingLoop.run(folder, 200);
        assertTrue(loss < 1, "the loss of guessing is 2.3, after 200 steps it is " + loss);
        try (FisherFile squisher = FisherFile.open(folder.resolve("model.squisher.safetensors"));
                WeightSource model = WeightFormats.open(folder.resolve("model.onnx"))) {
            assertEquals(200, squisher.diagonal().provenance().getAccumulator().getStep());
            assertEquals(
                    ContentHash.of(squisher.diagonal().names(), model::tensor),
                    squisher.diagonal().provenance().getWeightsHash());
        }
    }

    @Test
    void everyTemplateIsShort() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<String> tooLong = files.filter(file -> lines(file) >= MOST_LINES)
                    .map(Path::toString)
                    .toList();
            assertEquals(List.of(), tooLong);
        }
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
