package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Windows of a picture as PyTorch's dynamo exporter writes them, {@code as_strided} as a Gather from all examples flattened, give
 * what a Reshape and a Transpose give.
 */
class StridedViewsTest {
    private static final int EXAMPLES = 5;
    private static final Numbers NUMBERS = new Numbers(17);
    private static final Value X = RaisedGraph.float32(NUMBERS.normal(EXAMPLES, 16));
    private static final Value W1 = RaisedGraph.float32(NUMBERS.normal(16, 16));
    private static final Value W2 = RaisedGraph.float32(NUMBERS.normal(16, 3));

    /** Places in a picture of 4 by 4, window by window of 2 by 2. */
    private static final long[] PLACES = {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15};

    private enum View {
        /** Reshape and Transpose. */
        TRANSPOSED(-1),
        /** Of one example, with constant indices. */
        CONSTANT(1),
        /** Of one example, with indices that the graph computes of constants. */
        COMPUTED(1),
        /** Of any number of examples. */
        FREE(-1),
        /** Of any number of examples, whose windows are rows. */
        ROWS(-1),
        /** Some places alone, each once. */
        SOME(-1),
        /** Some places alone, as the transposed view has them. */
        TRANSPOSED_SOME(-1),
        /** Places that lie examples innermost. */
        INNERMOST(-1);

        private final long batch;

        View(long batch) {
            this.batch = batch;
        }

        private boolean isSome() {
            return this == SOME || this == TRANSPOSED_SOME;
        }

        ModelProto model() {
            TestModel test = TestModel.opset(18)
                    .input("x", X, batch, 16)
                    .initializer("W1", W1)
                    .initializer("W2", W2)
                    .initializer("flat", Value.ints(new int[] {1}, -1))
                    .initializer("rows", Value.ints(new int[] {2}, 0, 16))
                    .initializer("ofRows", Value.ints(new int[] {2}, -1, 16))
                    .initializer("picture", Value.ints(new int[] {5}, 0, 2, 2, 2, 2))
                    .initializer("some", Value.ints(new int[] {10}, 15, 0, 3, 9, 1, 2, 4, 5, 6, 7))
                    .node("MatMul", "x,W1", "a")
                    .node("Tanh", "a", "h");
            view(test);
            if (isSome()) {
                test.initializer("sixteen", Value.ints(new int[] {2}, 0, 10))
                        .initializer("W3", RaisedGraph.float32(new Numbers(3).normal(10, 3)));
                return test.node("Reshape", "windows,sixteen", "r")
                        .node("MatMul", "r,W3", "y")
                        .outputs("y")
                        .build();
            }
            return test.node("Reshape", "windows," + (this == ROWS ? "ofRows" : "rows"), "r")
                    .node("MatMul", "r,W2", "y")
                    .outputs("y")
                    .build();
        }

        private void view(TestModel test) {
            switch (this) {
                case TRANSPOSED ->
                    test.node("Reshape", "h,picture", "p")
                            .node("Transpose", "p", "windows", Attributes.NONE.with("perm", new long[] {0, 1, 3, 2, 4
                            }));
                case TRANSPOSED_SOME -> test.node("Gather", "h,some", "windows", Attributes.NONE.with("axis", 1L));
                case CONSTANT ->
                    test.initializer("indices", Value.ints(new int[] {1, 4, 4}, PLACES))
                            .node("Reshape", "h,flat", "f")
                            .node("Gather", "f,indices", "windows");
                case COMPUTED ->
                    test.initializer("zero", Value.ints(new int[] {1, 1, 1}, 0))
                            .initializer("places", Value.ints(new int[] {4, 4}, PLACES))
                            .node("Add", "zero,places", "indices")
                            .node("Reshape", "h,flat", "f")
                            .node("Gather", "f,indices", "windows");
                case INNERMOST ->
                    examples(test)
                            .initializer("column", Value.ints(new int[] {16, 1}, PLACES))
                            .node("Mul", "column,n", "places")
                            .node("Range", "none,n,one", "numbers")
                            .node("Add", "places,numbers", "indices")
                            .node("Transpose", "h", "t")
                            .node("Reshape", "t,flat", "f")
                            .node("Gather", "f,indices", "g")
                            .node("Transpose", "g", "windows");
                case FREE -> strided(test, new int[] {4, 4}, PLACES).node("Gather", "f,indices", "windows");
                case SOME ->
                    strided(test, new int[] {10}, 15, 0, 3, 9, 1, 2, 4, 5, 6, 7).node("Gather", "f,indices", "windows");
                default ->
                    strided(test, new int[] {4, 4}, PLACES)
                            .initializer("joined", Value.ints(new int[] {2}, -1, 4))
                            .node("Reshape", "indices,joined", "all")
                            .node("Gather", "f,all", "windows");
            }
        }

        /** How many examples there are, and the numbers 0 and 1. */
        private static TestModel examples(TestModel test) {
            return test.initializer("none", Value.ints(new int[] {}, 0))
                    .initializer("one", Value.ints(new int[] {}, 1))
                    .node("Shape", "x", "s")
                    .node("Gather", "s,none", "n");
        }

        private static TestModel strided(TestModel test, int[] dims, long... places) {
            long[] column = new long[dims.length + 1];
            java.util.Arrays.fill(column, 1);
            column[0] = -1;
            return examples(test)
                    .initializer("stride", Value.ints(new int[] {}, 16))
                    .initializer("places", Value.ints(dims, places))
                    .initializer("column", Value.ints(new int[] {column.length}, column))
                    .node("Range", "none,n,one", "numbers")
                    .node("Mul", "numbers,stride", "starts")
                    .node("Reshape", "starts,column", "c")
                    .node("Add", "c,places", "indices")
                    .node("Reshape", "h,flat", "f");
        }
    }

    private static Stream<Arguments> views() {
        List<Arguments> all = new ArrayList<>();
        for (View view : List.of(View.CONSTANT, View.COMPUTED, View.FREE, View.ROWS, View.SOME)) {
            for (FisherKind kind :
                    List.of(new FisherKind.Empirical(), new FisherKind.Exact(), new FisherKind.Joint())) {
                all.add(Arguments.of(view, kind));
            }
        }
        return all.stream();
    }

    private static Map<String, double[]> fisher(View view, FisherKind kind, List<String> notices) {
        Examples examples = Examples.of(
                "data", Map.of("x", X.tensor(), "labels", Tensor.of(Shape.of(EXAMPLES), 0L, 2L, 1L, 1L, 0L)));
        return Estimation.of(FisherRequest.of(
                        new OnnxFile(Path.of("m.onnx"), view.model()), examples, new Likelihood.Categorical(-1), kind)
                .withRuntime(new RuntimeSettings(new Device.Cpu(), 0, notices::add)));
    }

    @ParameterizedTest
    @MethodSource("views")
    void giveWhatATransposeGivesInBatches(View view, FisherKind kind) {
        List<String> notices = new ArrayList<>();
        View same = view.isSome() ? View.TRANSPOSED_SOME : View.TRANSPOSED;
        RelativeError.check(
                view + " " + kind, fisher(same, kind, new ArrayList<>()), fisher(view, kind, notices), 1e-4);
        assertEquals(
                0,
                notices.stream()
                        .filter(notice -> notice.contains("one at a time"))
                        .count(),
                notices.toString());
    }

    @Test
    void otherPlacesAreTakenOneExampleAtATime() {
        List<String> notices = new ArrayList<>();
        FisherKind kind = new FisherKind.Empirical();
        RelativeError.check(
                "innermost",
                fisher(View.TRANSPOSED, kind, new ArrayList<>()),
                fisher(View.INNERMOST, kind, notices),
                1e-4);
        assertTrue(
                notices.stream()
                        .anyMatch(notice -> notice.contains("there is no gradient over a batch")
                                && notice.contains("picks along the axis of the examples")
                                && notice.contains("its examples are run one at a time")),
                notices.toString());
    }
}
