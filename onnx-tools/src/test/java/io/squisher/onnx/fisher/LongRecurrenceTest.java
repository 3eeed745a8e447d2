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
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradient of a long recurrence is as large a graph as that of a short one. */
class LongRecurrenceTest {
    private static final int EXAMPLES = 3;
    private static final int HIDDEN = 2;

    private static FisherRequest request(String op, int gates, String inputs, int time, FisherKind kind) {
        Numbers numbers = new Numbers(3);
        Value x = RaisedGraph.float32(numbers.normal(EXAMPLES, time, 3));
        TestModel test = TestModel.opset(17)
                .input("x", x, -1, time, 3)
                .initializer("w", numbers.normal(2, gates * HIDDEN, 3))
                .initializer("r", numbers.normal(2, gates * HIDDEN, HIDDEN))
                .initializer("b", numbers.normal(2, 2 * gates * HIDDEN))
                .initializer("p", numbers.normal(2, 3 * HIDDEN))
                .initializer("head", numbers.normal(2 * HIDDEN, 3))
                .initializer("shape", Value.ints(new int[] {2}, -1, 2 * HIDDEN))
                .node("Transpose", "x", "steps", Attributes.NONE.with("perm", new long[] {1, 0, 2}))
                .node(
                        op,
                        inputs,
                        "y,last",
                        Attributes.NONE.with("hidden_size", (long) HIDDEN).with("direction", "bidirectional"))
                .node("Transpose", "last", "batch", Attributes.NONE.with("perm", new long[] {1, 0, 2}))
                .node("Reshape", "batch,shape", "flat")
                .node("MatMul", "flat,head", "logits")
                .outputs("logits");
        Examples examples = Examples.of(
                "examples",
                Map.of(
                        "x",
                        x.tensor(),
                        "labels",
                        Value.ints(new int[] {EXAMPLES}, 0, 2, 1).tensor()));
        OnnxFile file = new OnnxFile(Path.of("m.onnx"), test.build());
        return FisherRequest.of(file, examples, new Likelihood.Categorical(1), kind);
    }

    private static int nodes(GraphProto graph) {
        return graph.getNodeList().stream()
                .mapToInt(node -> 1
                        + node.getAttributeList().stream()
                                .filter(AttributeProto::hasG)
                                .mapToInt(attribute -> nodes(attribute.getG()))
                                .sum())
                .sum();
    }

    private static int nodes(FisherRequest request) {
        try (FisherPlan plan = FisherPlan.of(request)) {
            return nodes(plan.standalone().model().getGraph());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LSTM, 4, 'steps,w,r,b'",
        "LSTM, 4, 'steps,w,r,b,,,,p'",
        "GRU, 3, 'steps,w,r,b'",
        "RNN, 1, 'steps,w,r,b'"
    })
    void hasAsManyNodesForAnyNumberOfSteps(String op, int gates, String inputs) {
        for (FisherKind kind : List.of(new FisherKind.Empirical(), new FisherKind.Joint())) {
            int few = nodes(request(op, gates, inputs, 16, kind));
            assertEquals(few, nodes(request(op, gates, inputs, 512, kind)));
            assertTrue(few < 512, kind + " has " + few + " nodes");
        }
    }

    /** The sweeps of one direction are emitted once, however many weights ask for them. */
    @ParameterizedTest
    @CsvSource({"LSTM, 4, 4", "GRU, 3, 2", "RNN, 1, 2"})
    void takesEachSweepOnce(String op, int gates, int sweeps) {
        try (FisherPlan plan = FisherPlan.of(request(op, gates, "steps,w,r,b", 16, new FisherKind.Empirical()))) {
            assertEquals(
                    sweeps,
                    plan.standalone().model().getGraph().getNodeList().stream()
                            .filter(node -> node.getOpType().equals("Scan"))
                            .count());
        }
    }
}
