package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that take no batches give what the same network with a batch axis gives, for every kind and likelihood. */
class SingleExampleModelsTest {
    private static final int EXAMPLES = 5;
    private static final int CLASSES = 3;

    private static final Numbers NUMBERS = new Numbers(41);
    private static final Value X = RaisedGraph.float32(NUMBERS.normal(EXAMPLES, 4));
    private static final Value W1 = RaisedGraph.float32(NUMBERS.normal(4, 6));
    private static final Value TOKENS = RaisedGraph.float32(new Numbers(42).normal(EXAMPLES, 4, 3));
    private static final Value W3 = RaisedGraph.float32(new Numbers(43).normal(3, 6));
    private static final Value W2 = RaisedGraph.float32(NUMBERS.normal(6, CLASSES));

    /** The network with its batch axis as each exporter has it; all of them compute tanh(x W1) W2. */
    private enum Export {
        FREE(-1, 4),
        WITHOUT_BATCH(4),
        SQUEEZED(1, 4),
        AVERAGED(1, 4),
        FOLDED(-1, 4);

        private final long[] input;

        Export(long... input) {
            this.input = input;
        }

        ModelProto model() {
            TestModel test = TestModel.opset(18)
                    .input("x", X, input)
                    .initializer("W1", W1)
                    .initializer("W2", W2)
                    .initializer("first", Value.ints(new int[] {1}, 0))
                    .initializer("row", Value.ints(new int[] {2}, 1, 4))
                    .node(this == FOLDED ? "Reshape" : "Identity", this == FOLDED ? "x,row" : "x", "given")
                    .node("MatMul", "given,W1", "a")
                    .node("Tanh", "a", "h")
                    .node("MatMul", "h,W2", "z");
            switch (this) {
                case SQUEEZED -> test.node("Squeeze", "z,first", "y");
                case AVERAGED -> test.node("ReduceMean", "z,first", "y", Attributes.NONE.with("keepdims", 0L));
                default -> test.node("Identity", "z", "y");
            }
            return test.outputs("y").build();
        }
    }

    private static Tensor labels(Likelihood likelihood) {
        if (likelihood instanceof Likelihood.Categorical) {
            return Tensor.of(Shape.of(EXAMPLES), 0L, 2L, 1L, 1L, 0L);
        }
        float[] labels = new float[EXAMPLES * CLASSES];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
        }
        return Tensor.of(Shape.of(EXAMPLES, CLASSES), labels);
    }

    private static Examples examples(Likelihood likelihood) {
        return Examples.of("data", Map.of("x", X.tensor(), "labels", labels(likelihood)));
    }

    private static Stream<Arguments> requests() {
        List<Arguments> all = new ArrayList<>();
        for (Export export : Export.values()) {
            for (Likelihood likelihood :
                    List.of(new Likelihood.Categorical(-1), new Likelihood.Bernoulli(), new Likelihood.Gaussian(1))) {
                for (FisherKind kind : List.of(
                        new FisherKind.Empirical(),
                        new FisherKind.Exact(),
                        new FisherKind.Sampled(2, 7),
                        new FisherKind.Joint(),
                        new FisherKind.Absolute())) {
                    all.add(Arguments.of(export, likelihood, kind));
                }
            }
        }
        return all.stream().filter(arguments -> arguments.get()[0] != Export.FREE);
    }

    private static FisherRequest request(ModelProto model, Likelihood likelihood, FisherKind kind) {
        return FisherRequest.of(new OnnxFile(Path.of("m.onnx"), model), examples(likelihood), likelihood, kind);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void giveWhatBatchesGive(Export export, Likelihood likelihood, FisherKind kind) {
        List<String> notices = new ArrayList<>();
        RelativeError.check(
                export + " " + likelihood + " " + kind,
                Estimation.of(request(Export.FREE.model(), likelihood, kind)),
                Estimation.of(request(export.model(), likelihood, kind)
                        .withRuntime(new RuntimeSettings(new Device.Cpu(), 0, notices::add))),
                1e-4);
        assertTrue(notices.stream().anyMatch(notice -> notice.contains("run one at a time")), notices.toString());
    }

    private static Stream<Arguments> scored() {
        return requests().filter(arguments -> arguments.get()[2] instanceof FisherKind.Joint);
    }

    @ParameterizedTest
    @MethodSource("scored")
    void scoreAsBatchesDo(Export export, Likelihood likelihood, FisherKind unused) {
        OnnxFile free = new OnnxFile(Path.of("free.onnx"), Export.FREE.model());
        OnnxFile single = new OnnxFile(Path.of("m.onnx"), export.model());
        assertEquals(
                Evaluation.of(free, examples(likelihood), likelihood).run().logLikelihood(),
                Evaluation.of(single, examples(likelihood), likelihood).run().logLikelihood(),
                1e-5);
    }

    @Test
    void aGraphOfABatchIsRefusedWithItsReason() {
        for (Export export : List.of(Export.WITHOUT_BATCH, Export.SQUEEZED, Export.AVERAGED)) {
            try (FisherPlan plan =
                    FisherPlan.of(request(export.model(), new Likelihood.Gaussian(1), new FisherKind.Empirical()))) {
                String message =
                        assertThrows(SquisherException.class, plan::standalone).getMessage();
                assertTrue(message.contains("cannot sum over a batch"), message);
                assertTrue(message.contains("squisher fisher"), message);
            }
        }
    }

    /** Four tokens of three features, with logits for each: with a batch axis, or without. */
    private static ModelProto ofTokens(boolean batched) {
        TestModel test = TestModel.opset(18)
                .input("x", TOKENS, batched ? new long[] {-1, 4, 3} : new long[] {4, 3})
                .initializer("W1", W3)
                .initializer("W2", W2)
                .node("MatMul", "x,W1", "a")
                .node("Tanh", "a", "h")
                .node("MatMul", "h,W2", "y");
        return test.outputs("y").build();
    }

    private static Stream<FisherKind> kinds() {
        return Stream.of(
                new FisherKind.Empirical(),
                new FisherKind.Exact(),
                new FisherKind.Sampled(2, 7),
                new FisherKind.Joint(),
                new FisherKind.Absolute());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void takeLabelsOfTokens(FisherKind kind) {
        long[] labels = new long[EXAMPLES * 4];
        Arrays.setAll(labels, i -> i % 7 == 3 ? -100 : i % CLASSES);
        Examples examples =
                Examples.of("data", Map.of("x", TOKENS.tensor(), "labels", Tensor.of(Shape.of(EXAMPLES, 4), labels)));
        Likelihood likelihood = new Likelihood.CategoricalTokens(-100);
        Map<String, double[]> batches = Estimation.of(
                FisherRequest.of(new OnnxFile(Path.of("free.onnx"), ofTokens(true)), examples, likelihood, kind));
        Map<String, double[]> single = Estimation.of(
                FisherRequest.of(new OnnxFile(Path.of("m.onnx"), ofTokens(false)), examples, likelihood, kind));
        RelativeError.check("tokens " + kind, batches, single, 1e-4);
    }

    /** x times its mean over the batch, which is x itself where a batch is one example. */
    private static ModelProto mixing(boolean mixed) {
        return TestModel.opset(18)
                .input("x", X, -1, 4)
                .initializer("W", W1)
                .initializer("first", Value.ints(new int[] {1}, 0))
                .node(mixed ? "ReduceMean" : "Identity", mixed ? "x,first" : "x", "mean")
                .node("Mul", "x,mean", "product")
                .node("MatMul", "product,W", "y")
                .outputs("y")
                .build();
    }

    @Test
    void examplesThatMixAreBatchesOfOneWhereThatIsAskedFor() {
        Likelihood likelihood = new Likelihood.Categorical(-1);
        FisherKind kind = new FisherKind.Empirical();
        String refusal = assertThrows(
                        SquisherException.class, () -> Estimation.of(request(mixing(true), likelihood, kind)))
                .getMessage();
        assertTrue(refusal.contains("--batch-size 1"), refusal);
        RelativeError.check(
                "mixing",
                Estimation.of(request(mixing(false), likelihood, kind)),
                Estimation.of(request(mixing(true), likelihood, kind).withBatchSize(1)),
                1e-4);
        Examples examples = examples(likelihood);
        Evaluation mixed = Evaluation.of(new OnnxFile(Path.of("m.onnx"), mixing(true)), examples, likelihood);
        Evaluation one = new Evaluation(
                mixed.model(),
                examples,
                "labels",
                mixed.output(),
                false,
                likelihood,
                OptionalInt.of(1),
                RuntimeSettings.CPU);
        double expected = Evaluation.of(new OnnxFile(Path.of("m.onnx"), mixing(false)), examples, likelihood)
                .run()
                .logLikelihood();
        assertEquals(expected, one.run().logLikelihood(), 1e-5);
        assertTrue(Math.abs(expected - mixed.run().logLikelihood()) > 1e-3);
    }

    @Test
    void sizesThatFollowFromAnExampleAreRefused() {
        ModelProto model = TestModel.opset(18)
                .input("x", Value.floats(new int[] {4}, 1, 2, 3, 4))
                .initializer("W", W1)
                .node("NonZero", "x", "at")
                .node("Gather", "x,at", "picked")
                .node("ReduceSum", "picked", "sum", Attributes.NONE.with("keepdims", 0L))
                .node("Mul", "W,sum", "y")
                .outputs("y")
                .build();
        float[] rows = {1, 1, 1, 1, 0, 1, 1, 1};
        Examples examples = Examples.of(
                "data",
                Map.of("x", Tensor.of(Shape.of(2, 4), rows), "labels", Tensor.of(Shape.of(2, 4, 6), new float[48])));
        FisherRequest request = FisherRequest.of(
                new OnnxFile(Path.of("m.onnx"), model),
                examples,
                new Likelihood.Gaussian(1),
                new FisherKind.Empirical());
        String message = assertThrows(SquisherException.class, () -> Estimation.of(request))
                .getMessage();
        assertTrue(message.contains("depends on what the example holds"), message);
    }
}
