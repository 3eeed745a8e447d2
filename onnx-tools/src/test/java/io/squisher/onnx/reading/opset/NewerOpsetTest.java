package io.squisher.onnx.reading.opset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.FunctionProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewerOpsetTest {
    private static NodeProto node(String op, int inputs, int outputs, String... attributes) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName("n");
        for (int i = 0; i < inputs; i++) {
            node.addInput("x" + i);
        }
        for (int i = 0; i < outputs; i++) {
            node.addOutput("y" + i);
        }
        for (String name : attributes) {
            node.addAttribute(AttributeProto.newBuilder().setName(name));
        }
        return node.build();
    }

    private static OnnxFile file(int opset, NodeProto... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (NodeProto node : nodes) {
            graph.addNode(node);
        }
        ModelProto model = ModelProto.newBuilder()
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("com.example").setVersion(3))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph)
                .build();
        return new OnnxFile(Path.of("m.onnx"), model);
    }

    @Test
    void onlyTheNumberChanges() {
        OnnxFile file = file(17, node("MatMul", 2, 1), node("ReduceMean", 1, 1), node("Split", 2, 2));
        OnnxFile newer = NewerOpset.of(file, 21);
        ModelProto.Builder back = newer.model().toBuilder();
        assertEquals(21, back.getOpsetImport(1).getVersion());
        back.getOpsetImportBuilder(1).setVersion(17);
        assertEquals(file.model(), back.build());
        assertSame(file, NewerOpset.of(file, 13));
    }

    @ParameterizedTest
    @CsvSource({
        "13, ReduceMean, 1, 1, axes",
        "17, ReduceMax, 1, 1, axes",
        "17, Split, 1, 2, axis",
        "19, DFT, 1, 1, axis",
        "16, GridSample, 2, 1, mode",
        "18, GroupNormalization, 3, 1, num_groups",
        "15, RoiAlign, 3, 1, mode",
        "13, BatchNormalization, 5, 5, epsilon"
    })
    void refusesWhatIsAnotherOperatorThere(int opset, String op, int inputs, int outputs, String attribute) {
        String expected = "'m.onnx' has opset " + opset + " and would need 21, where " + op
                + " ('n') is another operator; export the model at opset 21 or later";
        NodeProto node = node(op, inputs, outputs, attribute);
        assertEquals(
                expected,
                assertThrows(SquisherException.class, () -> NewerOpset.of(file(opset, node), 21))
                        .getMessage());
        NodeProto around = NodeProto.newBuilder()
                .setOpType("If")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("then_branch")
                        .setG(GraphProto.newBuilder().addNode(node)))
                .build();
        assertEquals(
                expected,
                assertThrows(SquisherException.class, () -> NewerOpset.of(file(opset, around), 21))
                        .getMessage());
        NodeProto foreign = node.toBuilder().setDomain("com.example").build();
        assertEquals(
                21,
                NewerOpset.of(file(opset, foreign), 21)
                        .model()
                        .getOpsetImport(1)
                        .getVersion());
    }

    @Test
    void refusesOldFilesAndFunctions() {
        assertEquals(
                "'m.onnx' has opset 12 and would need 21; export the model at opset 21 or later",
                assertThrows(SquisherException.class, () -> NewerOpset.of(file(12), 21))
                        .getMessage());
        ModelProto functions = file(17).model().toBuilder()
                .addFunctions(FunctionProto.newBuilder().setName("f"))
                .build();
        assertEquals(
                "'m.onnx' has opset 17 and would need 21, which its functions may not take; export the model at opset 21 or"
                        + " later",
                assertThrows(
                                SquisherException.class,
                                () -> NewerOpset.of(new OnnxFile(Path.of("m.onnx"), functions), 21))
                        .getMessage());
    }
}
