package io.squisher.onnx.reading.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.evaluator.ReferenceEvaluator;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFlowTest {
    private static final Value X = Value.floats(new int[] {3}, 1, 2, 3);

    private static Attributes graphs(Map<String, GraphProto> graphs) {
        return Attributes.of(graphs.entrySet().stream()
                .map(entry -> AttributeProto.newBuilder()
                        .setName(entry.getKey())
                        .setType(AttributeType.GRAPH)
                        .setG(entry.getValue())
                        .build())
                .toList());
    }

    private static GraphProto body(List<String> inputs, List<NodeProto> nodes, List<String> outputs) {
        GraphProto.Builder body = GraphProto.newBuilder().setName("body").addAllNode(nodes);
        inputs.forEach(name -> body.addInput(ValueInfoProto.newBuilder().setName(name)));
        outputs.forEach(name -> body.addOutput(ValueInfoProto.newBuilder().setName(name)));
        body.addInitializer(OnnxTensors.write("two", RaisedGraph.tensor(Value.scalar(2))));
        return body.build();
    }

    private static void assertAsEvaluated(TestModel test) {
        Map<String, Value> actual = RaisedGraph.run(test.build(), test.inputs());
        ReferenceEvaluator.run(test.build(), test.inputs())
                .forEach((name, value) -> assertEquals(
                        "",
                        Tolerance.of(value).difference(value, actual.get(name)).orElse("")));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void takesTheBranchOfAConstantCondition(long condition) {
        GraphProto then =
                body(List.of(), List.of(TestModel.nodeProto("Mul", "x,two", "a", Attributes.NONE)), List.of("a"));
        GraphProto otherwise =
                body(List.of(), List.of(TestModel.nodeProto("Sub", "x,two", "b", Attributes.NONE)), List.of("b"));
        assertAsEvaluated(TestModel.opset(17)
                .input("x", X)
                .initializer("c", Value.of(ElementType.BOOL, new int[0], new long[] {condition}))
                .node("Not", "c", "negated")
                .node("If", "negated", "y", graphs(Map.of("then_branch", then, "else_branch", otherwise)))
                .outputs("y"));
    }

    /** As PyTorch writes squeeze: what is done depends on a dimension. */
    private static TestModel squeezing(long... declared) {
        GraphProto then =
                body(List.of(), List.of(TestModel.nodeProto("Mul", "z,two", "a", Attributes.NONE)), List.of("a"));
        GraphProto otherwise =
                body(List.of(), List.of(TestModel.nodeProto("Sub", "z,two", "b", Attributes.NONE)), List.of("b"));
        return TestModel.opset(17)
                .input("x", Value.floats(new int[] {2, 3}, 1, 2, 3, 4, 5, 6), declared)
                .initializer("axis", Value.ints(new int[0], 1))
                .initializer("one", Value.ints(new int[0], 1))
                .node("Relu", "x", "z")
                .node("Shape", "z", "shape")
                .node("Gather", "shape,axis", "dim")
                .node("Equal", "dim,one", "c")
                .node("If", "c", "y", graphs(Map.of("then_branch", then, "else_branch", otherwise)))
                .outputs("y");
    }

    @Test
    void takesTheBranchThatADeclaredDimensionDecides() {
        TestModel test = squeezing(-1, 3);

        assertAsEvaluated(test);
        assertEquals(
                List.of("Relu", "Sub"),
                RaisedGraph.of(test.build()).reaching(Set.of("y")).nodes().stream()
                        .map(Node::op)
                        .filter(op -> !op.equals("Identity"))
                        .toList());
    }

    @Test
    void refusesABranchThatAFreeDimensionDecides() {
        String message = assertThrows(
                        SquisherException.class,
                        () -> RaisedGraph.of(squeezing(-1, -1).build()))
                .getMessage();
        assertTrue(message.endsWith("or with the sizes fixed that decide it"), message);
    }

    @Test
    void writesALoopOut() {
        GraphProto body = body(
                List.of("step", "going", "s"),
                List.of(
                        TestModel.nodeProto("Cast", "step", "number", Attributes.NONE.with("to", 1L)),
                        TestModel.nodeProto("Mul", "s,two", "doubled", Attributes.NONE),
                        TestModel.nodeProto("Add", "doubled,number", "next", Attributes.NONE),
                        TestModel.nodeProto("Identity", "going", "on", Attributes.NONE)),
                List.of("on", "next", "doubled"));
        assertAsEvaluated(TestModel.opset(17)
                .input("x", X)
                .initializer("count", Value.ints(new int[0], 3))
                .initializer("start", Value.of(ElementType.BOOL, new int[0], new long[] {1}))
                .node("Loop", "count,start,x", "y,all", graphs(Map.of("body", body)))
                .outputs("y", "all"));
    }

    @Test
    void refusesWhatIsDecidedAtRunTime() {
        GraphProto then =
                body(List.of(), List.of(TestModel.nodeProto("Mul", "x,two", "a", Attributes.NONE)), List.of("a"));
        TestModel test = TestModel.opset(17)
                .input("x", X)
                .input("c", Value.of(ElementType.BOOL, new int[0], new long[] {1}))
                .node("If", "c", "y", graphs(Map.of("then_branch", then, "else_branch", then)))
                .outputs("y");
        String message = assertThrows(SquisherException.class, () -> RaisedGraph.of(test.build()))
                .getMessage();
        assertTrue(message.startsWith("If 'If_0' takes its branch by the values of the input 'c'"), message);
        assertTrue(message.contains("--shared"), message);
    }
}
