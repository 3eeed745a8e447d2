package io.squisher.onnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static Node node(String op, List<String> inputs, String output, Attributes attributes) {
        return new Node(output, op, "", inputs, List.of(output), attributes);
    }

    @Test
    void whatABranchReadsFromOutsideIsReached() {
        GraphProto branch = GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Neg")
                        .addInput("outer")
                        .addOutput("inner"))
                .build();
        Attributes branches = Attributes.of(List.of(AttributeProto.newBuilder()
                .setName("then_branch")
                .setType(AttributeType.GRAPH)
                .setG(branch)
                .build()));
        Node outer = node("Abs", List.of("x"), "outer", Attributes.NONE);
        Node other = node("Exp", List.of("x"), "other", Attributes.NONE);
        Node chosen = node("If", List.of("condition"), "y", branches);
        Graph graph = new Graph(List.of(outer, other, chosen), Map.of(), Map.of(), List.of(), List.of());
        assertEquals(List.of(outer, chosen), graph.reaching(Set.of("y")).nodes());
    }
}
