package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.RearrangedProbabilities.Drawn;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever nodes that change no element stand behind a softmax or a sigmoid: the Fisher is that of the logits, or the model
 * is refused. That of log-probabilities, rearranged in the same way, is the reference: their softmax changes nothing.
 */
class RearrangedProbabilitiesTest {
    private static final long SEEDS = Long.getLong("squisher.seeds", 40);
    private static final int EXAMPLES = 3;

    @Test
    void behindASigmoidTheFisherIsThatOfTheLogits() {
        List<String> refused = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Drawn drawn = RearrangedProbabilities.sigmoid(seed, true);
            Drawn logits = RearrangedProbabilities.sigmoid(seed, false);
            String what = "seed " + seed + ": " + drawn.steps();
            try {
                compare(what, drawn.model(), logits.model(), new Likelihood.Bernoulli());
            } catch (SquisherException e) {
                refused.add(what + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), refused);
    }

    @Test
    void behindASoftmaxTheFisherIsThatOfTheLogitsWhereTheClassesStayTogether() {
        int found = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Drawn drawn = RearrangedProbabilities.softmax(seed, true);
            Drawn logits = RearrangedProbabilities.softmax(seed, false);
            int axis = 1 + new Random(seed).nextInt(drawn.shape().length);
            String what = "seed " + seed + ", classes in axis " + axis + ": " + drawn.steps();
            boolean normal = drawn.shape()[axis - 1] > 1 && sumsToOne(drawn, axis);
            try {
                compare(what, drawn.model(), logits.model(), new Likelihood.Categorical(axis));
                assertTrue(normal, what);
                found++;
            } catch (SquisherException e) {
                boolean explained =
                        e.getMessage().contains("--output") || e.getMessage().contains("--axis");
                assertTrue(explained, what + ": " + e.getMessage());
                assertTrue(!normal || mayLookApart(drawn), what + ": " + e.getMessage());
            }
        }
        assertTrue(found > SEEDS / 8, "only " + found + " of " + SEEDS);
    }

    /** Classes that a node takes apart and another brings together again are refused: nothing is lost but a detour. */
    private static boolean mayLookApart(Drawn drawn) {
        return drawn.steps().size() > 2 || drawn.steps().toString().contains("step 9");
    }

    private static void compare(String what, ModelProto model, ModelProto logits, Likelihood likelihood) {
        Map<String, double[]> actual = Estimation.of(request(model, likelihood));
        Map<String, double[]> expected =
                Estimation.of(request(logits, likelihood).withOutputsAreLogits());
        RelativeError.check(what, expected, actual, 2e-3);
    }

    private static FisherRequest request(ModelProto model, Likelihood likelihood) {
        return FisherRequest.of(
                        new OnnxFile(Path.of("random.onnx"), model),
                        Examples.of("random", Map.of("x", examples())),
                        likelihood,
                        new FisherKind.Exact())
                .withBatchSize(EXAMPLES);
    }

    private static Tensor examples() {
        Random random = new Random(1);
        float[] values = new float[EXAMPLES * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(Shape.of(EXAMPLES, 4), values);
    }

    private static boolean sumsToOne(Drawn drawn, int axis) {
        String output = drawn.model().getGraph().getOutput(0).getName();
        Tensor result;
        try (InferenceSession session = InferenceSession.create(drawn.model(), RuntimeSettings.CPU)) {
            result = session.run(Map.of("x", examples()), Set.of(output)).get(output);
        }
        double[] values = result.toDoubles();
        int classes = (int) result.shape().dim(axis);
        int behind = 1;
        for (int i = axis + 1; i < result.shape().rank(); i++) {
            behind *= (int) result.shape().dim(i);
        }
        for (int i = 0; i < values.length / classes; i++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += values[i / behind * classes * behind + i % behind + c * behind];
            }
            if (Math.abs(sum - 1) > 1e-5) {
                return false;
            }
        }
        return true;
    }
}
