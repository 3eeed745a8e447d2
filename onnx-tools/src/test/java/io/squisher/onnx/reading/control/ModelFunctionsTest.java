package io.squisher.onnx.reading.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.FunctionProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import org.junit.jupiter.api.Test;

/** ONNX Runtime inlines functions as well: it is the judge. */
class ModelFunctionsTest {
    private static FunctionProto.Builder function(String name, int opset) {
        return FunctionProto.newBuilder()
                .setName(name)
                .setDomain("acme")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("acme").setVersion(1));
    }

    /** y = elu(x, slope) + x, with the attribute passed on; written for opset 17, as the model. */
    private static FunctionProto bent() {
        NodeProto elu = TestModel.nodeProto("Elu", "x", "t", Attributes.NONE).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("alpha")
                        .setType(AttributeProto.AttributeType.FLOAT)
                        .setRefAttrName("slope"))
                .build();
        return function("Bent", 17)
                .addInput("x")
                .addOutput("y")
                .addAttribute("slope")
                .addNode(elu)
                .addNode(TestModel.nodeProto("Add", "t,x", "y", Attributes.NONE))
                .build();
    }

    /** Two calls of the other function; it passes an input on as well. */
    private static FunctionProto twice() {
        return function("Twice", 17)
                .addInput("x")
                .addOutput("y")
                .addOutput("x")
                .addNode(TestModel.nodeProto("acme:Bent", "x", "t", Attributes.NONE.with("slope", 0.5f)))
                .addNode(TestModel.nodeProto("acme:Bent", "t", "y", Attributes.NONE.with("slope", 0.25f)))
                .build();
    }

    @Test
    void inlinesNestedCallsWithTheirAttributes() {
        TestModel test = TestModel.opset(17)
                .input("x", Value.floats(new int[] {4}, -2, -0.5, 0.5, 2))
                .function(bent())
                .node("acme:Bent", "x", "a", Attributes.NONE.with("slope", 3f))
                .node("acme:Bent", "a", "y", Attributes.NONE.with("slope", 2f))
                .outputs("y");
        Value expected = RaisedGraph.runDirectly(test.build(), test.inputs()).get("y");
        Value actual = RaisedGraph.run(test.build(), test.inputs()).get("y");
        assertEquals("", Tolerance.of(expected).difference(expected, actual).orElse(""));

        TestModel nested = TestModel.opset(17)
                .input("x", Value.floats(new int[] {1}, -2))
                .function(bent())
                .function(twice())
                .node("acme:Twice", "x", "y,same")
                .outputs("y", "same");
        double first = 0.5 * Math.expm1(-2) - 2;
        double second = 0.25 * Math.expm1(first) + first;
        var outputs = RaisedGraph.run(nested.build(), nested.inputs());
        assertEquals(second, outputs.get("y").doubleAt(0), 1e-6);
        assertEquals(-2, outputs.get("same").doubleAt(0));
    }

    @Test
    void refusesAFunctionThatCallsItself() {
        FunctionProto endless = function("Endless", 17)
                .addInput("x")
                .addOutput("y")
                .addNode(TestModel.nodeProto("acme:Endless", "x", "y", Attributes.NONE))
                .build();
        TestModel test = TestModel.opset(17)
                .input("x", Value.floats(new int[] {1}, 1))
                .function(endless)
                .node("acme:Endless", "x", "y")
                .outputs("y");
        String message = assertThrows(SquisherException.class, () -> RaisedGraph.of(test.build()))
                .getMessage();
        assertTrue(message.contains("calls itself"), message);
    }
}
