package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All-MiniLM-L6-v2 with a head over the mean of its tokens. */
@Tag("slow")
class MiniLmTrainingTest {
    private static final int SENTENCES = 8;
    private static final int TOKENS = 7;
    private static final int FIRST_WORD = 1996;
    private static final int WORDS = 20;
    private static final String TABLE = "embeddings.word_embeddings.weight";

    @TempDir
    private Path folder;

    private Path model() throws IOException {
        Path file = folder.resolve("all-minilm-l6-v2.onnx");
        try (InputStream resource = MiniLmTrainingTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(resource, file);
        }
        return file;
    }

    /** Sentences of random words, some of them padded; the label is whether the first word is an even one. */
    private static Examples sentences() {
        Random random = new Random(5);
        long[] ids = new long[SENTENCES * TOKENS];
        long[] mask = new long[ids.length];
        long[] labels = new long[SENTENCES];
        for (int row = 0; row < SENTENCES; row++) {
            int length = TOKENS - row % 3;
            for (int token = 0; token < length; token++) {
                ids[row * TOKENS + token] = FIRST_WORD + random.nextInt(WORDS);
                mask[row * TOKENS + token] = 1;
            }
            labels[row] = ids[row * TOKENS] % 2;
        }
        Shape shape = Shape.of(SENTENCES, TOKENS);
        return Examples.of(
                "sentences",
                Map.of(
                        "input_ids", Tensor.of(shape, ids),
                        "attention_mask", Tensor.of(shape, mask),
                        "token_type_ids", Tensor.of(shape, new long[ids.length]),
                        "labels", Tensor.of(Shape.of(SENTENCES), labels)));
    }

    @Test
    void learnsAndLeavesWordsAloneThatItDoesNotSee() throws IOException {
        Path model = model();
        List<Double> losses = new ArrayList<>();
        long[] elements = {0};
        TrainingResult result = OnnxTrainer.of(model)
                .head(2, Pooling.MEAN)
                .examples(sentences())
                .batchSize(SENTENCES)
                .optimizer(Adam.of(2e-4))
                .epochs(6)
                .listener(new TrainingListener() {
                    @Override
                    public void started(TrainingFacts facts) {
                        elements[0] = facts.elements();
                    }

                    @Override
                    public void stepped(StepReport report) {
                        losses.add(report.loss());
                    }
                })
                .train(folder.resolve("tuned.onnx"));
        assertTrue(elements[0] > 22_500_000, elements[0] + " elements");
        assertEquals(Math.log(2), losses.get(0), 0.1);
        assertTrue(losses.get(5) < losses.get(0) / 2, losses.toString());

        Map<String, Tensor> before = TorchReferenceTest.weights(model);
        Map<String, Tensor> after = TorchReferenceTest.weights(result.model());
        float[] old = before.get(TABLE).toFloats();
        float[] now = after.get(TABLE).toFloats();
        int width = (int) before.get(TABLE).shape().dim(1);
        try (FisherFile squisher = FisherFile.open(result.squisher())) {
            double[] squares = squisher.diagonal().tensor(TABLE).toDoubles();
            for (int row = 0; row < old.length / width; row++) {
                boolean same = Arrays.equals(old, row * width, (row + 1) * width, now, row * width, (row + 1) * width);
                boolean seen =
                        Arrays.stream(squares, row * width, (row + 1) * width).sum() > 0;
                assertEquals(seen, !same, "row " + row);
                assertTrue(!seen || row == 0 || row >= FIRST_WORD && row < FIRST_WORD + WORDS, "row " + row);
            }
            assertEquals(
                    squisher.diagonal().provenance().getWeightsHash(),
                    squisher.diagonal().hashOf(after::get));
        }
    }
}
