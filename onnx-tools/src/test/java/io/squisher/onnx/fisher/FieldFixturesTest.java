package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.data.TakenArrays;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as people have them, whose outputs are probabilities; right values from an implementation in float64. */
class FieldFixturesTest {
    private static Path folder(String name) {
        try {
            return Path.of(FieldFixturesTest.class
                    .getResource("/fixtures/field/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, double[]> fisher(
            String name, Likelihood likelihood, UnaryOperator<FisherRequest> changes) {
        Path folder = folder(name);
        try (NpzFile data = NpzFile.open(folder.resolve("data.npz"))) {
            Examples examples = Examples.of("data.npz", data.arrays());
            return Estimation.of(changes.apply(FisherRequest.of(
                    OnnxFile.read(folder.resolve("model.onnx")), examples, likelihood, new FisherKind.Empirical())));
        }
    }

    private static Map<String, double[]> expected(String name) {
        Map<String, double[]> expected = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(folder(name).resolve("expected.safetensors"))) {
            file.tensors().forEach((tensor, values) -> expected.put(tensor, values.toDoubles()));
        }
        return expected;
    }

    private static void check(String name, Likelihood likelihood) {
        RelativeError.check(name, expected(name), fisher(name, likelihood, UnaryOperator.identity()), 1e-3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft_cast", "soft_clip", "soft_manual", "soft_reshape"})
    void theLogitsBehindASoftmaxAreFound(String name) {
        check(name, new Likelihood.Categorical(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sig_squeeze", "detector_sigmoid_reshape_transpose"})
    void theLogitsBehindASigmoidAreFound(String name) {
        check(name, new Likelihood.Bernoulli());
    }

    @Test
    void arraysThatTheModelDoesNotTakeAreLeftOut() {
        Path folder = folder("extra");
        OnnxFile model = OnnxFile.read(folder.resolve("model.onnx"));
        List<String> notices = new ArrayList<>();
        Map<String, double[]> actual;
        try (NpzFile data = NpzFile.open(folder.resolve("data.npz"))) {
            Examples examples = new TakenArrays(model, "labels", Set.of()).of(data, notices::add);
            actual = Estimation.of(
                    FisherRequest.of(model, examples, new Likelihood.Categorical(-1), new FisherKind.Empirical()));
            String name = data.unread().keySet().iterator().next();
            assertEquals(1, notices.size(), notices.toString());
            assertTrue(notices.get(0).contains(name), notices.toString());
            SquisherException refused = assertThrows(
                    SquisherException.class, () -> new TakenArrays(model, name, Set.of()).of(data, notices::add));
            assertTrue(refused.getMessage().contains("return_inverse"), refused.getMessage());
        }
        RelativeError.check("extra", expected("extra"), actual, 1e-3);
    }

    private static Map<String, double[]> taken(String name, Likelihood likelihood, FisherKind kind, String... shared) {
        Path folder = folder(name);
        OnnxFile model = OnnxFile.read(folder.resolve("model.onnx"));
        try (NpzFile data = NpzFile.open(folder.resolve("data.npz"))) {
            Examples examples = new TakenArrays(model, "labels", Set.of(shared)).of(data, notice -> {});
            return Estimation.of(FisherRequest.of(model, examples, likelihood, kind));
        }
    }

    @Test
    void modelsOfOneExampleRunOneAtATime() {
        FisherKind kind = new FisherKind.Empirical();
        RelativeError.check(
                "unbatched", expected("unbatched"), taken("unbatched", new Likelihood.Gaussian(1), kind), 1e-3);
        RelativeError.check(
                "squeeze_axis0_b1",
                expected("squeeze_axis0_b1"),
                taken("squeeze_axis0_b1", new Likelihood.Categorical(-1), kind),
                1e-3);
        RelativeError.check(
                "mean_all_b1", expected("mean_all_b1"), taken("mean_all_b1", new Likelihood.Bernoulli(), kind), 1e-3);
    }

    /** Expected: backpropagation through the seven steps in numpy, in float64. */
    @Test
    void examplesOnTheSecondAxisAreFoundByTheSizesOfTheData() {
        RelativeError.check(
                "timemajor",
                expected("timemajor"),
                taken("timemajor", new Likelihood.Categorical(-1), new FisherKind.Empirical()),
                1e-3);
    }

    @Test
    void branchesAreDecidedByWhatTheDataTells() {
        FisherKind kind = new FisherKind.Empirical();
        RelativeError.check(
                "if_shared", expected("if_shared"), taken("if_shared", new Likelihood.Bernoulli(), kind, "sr"), 1e-3);
        RelativeError.check(
                "if_squeeze", expected("if_squeeze"), taken("if_squeeze", new Likelihood.Bernoulli(), kind), 1e-3);
    }

    @Test
    void whatIsAProbabilityWithoutLogitsIsRefused() {
        SquisherException refused = assertThrows(
                SquisherException.class, () -> fisher("hardsig", new Likelihood.Bernoulli(), UnaryOperator.identity()));
        assertTrue(refused.getMessage().contains("lie within [0, 1]"), refused.getMessage());
        assertTrue(refused.getMessage().contains("--outputs-are-logits"), refused.getMessage());
        fisher("hardsig", new Likelihood.Bernoulli(), FisherRequest::withOutputsAreLogits);
    }

    @Test
    void aRandomOutputIsRefusedByTheNameOfItsOperatorAndItsMeanIsTaken() {
        SquisherException refused = assertThrows(
                SquisherException.class,
                () -> fisher("random", new Likelihood.Categorical(-1), UnaryOperator.identity()));
        assertTrue(refused.getMessage().contains("RandomNormalLike"), refused.getMessage());
        fisher("random", new Likelihood.Categorical(-1), request -> request.withOutput("z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft_cast", "soft_clip", "soft_manual", "soft_reshape"})
    void anEvaluationTakesTheSameLogits(String name) {
        Path folder = folder(name);
        try (NpzFile data = NpzFile.open(folder.resolve("data.npz"))) {
            Examples examples = Examples.of("data.npz", data.arrays());
            Evaluation evaluation = Evaluation.of(
                    OnnxFile.read(folder.resolve("model.onnx")), examples, new Likelihood.Categorical(-1));
            Evaluation ofInnerValue = new Evaluation(
                    evaluation.model(),
                    examples,
                    "labels",
                    Optional.of("z"),
                    false,
                    evaluation.likelihood(),
                    OptionalInt.empty(),
                    evaluation.runtime());
            assertEquals(ofInnerValue.run().logLikelihood(), evaluation.run().logLikelihood(), 1e-6);
            assertTrue(evaluation.withOutputsAreLogits().run().logLikelihood()
                    != evaluation.run().logLikelihood());
        }
    }
}
