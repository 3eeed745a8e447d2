package io.squisher.onnx.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChannelAxisTest {
    private static NodeProto node(String op, String first, String second, String... set) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(op).addInput(first).addInput(second);
        for (String name : set) {
            node.addAttribute(AttributeProto.newBuilder().setName(name).setI(1));
        }
        return node.build();
    }

    @Test
    void isWhereTheOperatorPutsItsResults() {
        GraphProto graph = GraphProto.newBuilder()
                .addNode(node("MatMul", "x", "right"))
                .addNode(node("MatMul", "left", "x"))
                .addNode(node("Gemm", "x", "plain"))
                .addNode(node("Gemm", "x", "transposed", "transB"))
                .addNode(node("Gemm", "leftPlain", "x"))
                .addNode(node("Gemm", "leftTransposed", "x", "transA"))
                .addNode(node("Conv", "x", "kernel"))
                .addNode(node("ConvTranspose", "x", "backward"))
                .addNode(node("Gather", "table", "x"))
                .build();
        ChannelAxis axes = ChannelAxis.of(new OnnxFile(
                Path.of("m"), ModelProto.newBuilder().setGraph(graph).build()));
        assertEquals(1, axes.of("right", 2));
        assertEquals(2, axes.of("right", 3));
        assertEquals(0, axes.of("left", 2));
        assertEquals(1, axes.of("left", 3));
        assertEquals(1, axes.of("plain", 2));
        assertEquals(0, axes.of("transposed", 2));
        assertEquals(0, axes.of("leftPlain", 2));
        assertEquals(1, axes.of("leftTransposed", 2));
        assertEquals(0, axes.of("kernel", 4));
        assertEquals(1, axes.of("backward", 4));
        assertEquals(0, axes.of("table", 2));
        assertEquals(0, axes.of("unknown", 1));
    }
}
