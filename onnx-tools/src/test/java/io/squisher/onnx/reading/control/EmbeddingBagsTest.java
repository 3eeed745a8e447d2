package io.squisher.onnx.reading.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Loop that PyTorch 1.13 writes for {@code EmbeddingBag} of a matrix of indices, node by node. */
class EmbeddingBagsTest {
    private static NodeProto node(String op, String inputs, String outputs, Attributes attributes) {
        return TestModel.nodeProto(op, inputs, outputs, attributes);
    }

    private static NodeProto node(String op, String inputs, String outputs) {
        return node(op, inputs, outputs, Attributes.NONE);
    }

    private static GraphProto body(String reduction, boolean weighted) {
        GraphProto.Builder body = GraphProto.newBuilder()
                .setName("body")
                .addInput(ModelBuilder.input("i", 7))
                .addInput(ModelBuilder.input("going", 9))
                .addNode(node("Gather", "offsets,i", "from"))
                .addNode(node("Gather", "ends,i", "to"))
                .addNode(node("Unsqueeze", "from,axis", "start"))
                .addNode(node("Unsqueeze", "to,axis", "end"))
                .addNode(node("Slice", "flat,start,end,axis", "row"))
                .addNode(node("Gather", "table,row", "rows"));
        if (weighted) {
            body.addNode(node("Slice", "flat weights,start,end,axis", "weights"))
                    .addNode(node("Unsqueeze", "weights,one", "column"))
                    .addNode(node("Mul", "rows,column", "bag"));
        }
        Attributes attributes = Attributes.NONE.with("keepdims", 0L);
        String bag = weighted ? "bag" : "rows";
        body.addNode(
                reduction.equals("ReduceSum")
                        ? node(reduction, bag + ",axis", "reduced", attributes)
                        : node(reduction, bag, "reduced", attributes.with("axes", new long[] {0})));
        return body.addNode(node("Identity", "yes", "on"))
                .addOutput(ModelBuilder.input("on", 9))
                .addOutput(ValueInfoProto.newBuilder().setName("reduced"))
                .build();
    }

    private static TestModel model(String reduction, boolean weighted, boolean rows) {
        Numbers numbers = new Numbers(3);
        return TestModel.opset(17)
                .input("x", numbers.below(7, 3, 4), -1, 4)
                .input("w", numbers.normal(3, 4), -1, 4)
                .initializer("table", numbers.normal(7, 2))
                .initializer("axis", Value.ints(new int[] {1}, 0))
                .initializer("one", Value.ints(new int[] {1}, 1))
                .initializer("everything", Value.ints(new int[] {1}, -1))
                .initializer("largest", Value.ints(new int[] {1}, Long.MAX_VALUE))
                .initializer("zero", Value.ints(new int[0], 0))
                .initializer("columns", Value.ints(new int[0], rows ? 1 : 0))
                .initializer("yes", Value.of(ElementType.BOOL, new int[0], new long[] {1}))
                .node("Shape", "x", "shape")
                .node("ReduceProd", "shape", "total", Attributes.NONE.with("keepdims", 0L))
                .node("Gather", "shape,columns", "length")
                .node("Range", "zero,total,length", "starts")
                .node("Reshape", "x,everything", "flat")
                .node("Reshape", "w,everything", "flat weights")
                .node("Unsqueeze", "total,axis", "last")
                .node("Concat", "starts,last", "offsets", Attributes.NONE.with("axis", 0L))
                .node("Slice", "offsets,one,largest,axis,one", "ends")
                .node("Shape", "ends", "bags")
                .node("Gather", "bags,zero", "count")
                .node("Loop", "count,yes", "y", Attributes.NONE.with("body", body(reduction, weighted)))
                .outputs("y");
    }

    @ParameterizedTest
    @CsvSource({"ReduceMean, false", "ReduceMax, false", "ReduceSum, false", "ReduceSum, true"})
    void takesAllRowsAtOnce(String reduction, boolean weighted) {
        TestModel test = model(reduction, weighted, true);
        Value expected = RaisedGraph.runDirectly(test.build(), test.inputs()).get("y");
        Value actual = RaisedGraph.run(test.build(), test.inputs()).get("y");
        assertEquals("", Tolerance.of(expected).difference(expected, actual).orElse(""));
        List<String> ops = RaisedGraph.of(test.build()).reaching(Set.of("y")).nodes().stream()
                .map(Node::op)
                .toList();
        assertEquals(
                List.of("Gather"),
                ops.stream().filter(op -> op.equals("Gather")).toList(),
                ops.toString());
    }

    /** Bags as long as the matrix has rows are no rows. */
    @Test
    void leavesOtherBagsAlone() {
        TestModel test = model("ReduceMean", false, false);
        String message = assertThrows(SquisherException.class, () -> RaisedGraph.of(test.build()))
                .getMessage();
        assertTrue(message.contains("a number of steps that is only known when the graph runs"), message);
    }
}
