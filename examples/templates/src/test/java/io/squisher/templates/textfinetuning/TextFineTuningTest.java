package io.squisher.templates.textfinetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFineTuningTest {
    @TempDir
    private Path folder;

    @Test
    void learnsToTellNewQuestionsAndWritesTheSquisherOfItsWeights() throws IOException {
        TrainingResult result = TextFineTuning.run(TextFineTuning.Task.small(folder), folder.resolve("tuned.onnx"));
        double accuracy = result.history()
                .get(result.history().size() - 1)
                .validation()
                .orElseThrow()
                .metric();
        assertTrue(accuracy > 0.85, "accuracy " + accuracy);
        assertEquals(
                List.of("person", "place", "time"),
                ClassNames.of(OnnxFile.read(result.model())).orElseThrow().names());
        try (FisherFile squisher = FisherFile.open(result.squisher())) {
            assertEquals(
                    result.steps(),
                    squisher.diagonal().provenance().getAccumulator().getStep());
            assertTrue(squisher.diagonal().tensors().containsKey("head.weight"));
        }
    }
}
