package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.training.graph.TrainableGraph;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropoutTest {
    @TempDir
    private Path folder;

    /** The perceptron with a dropout behind its first activation. */
    private Path model() {
        OnnxFile mlp = OnnxFile.read(References.copy(folder, "mlp.onnx"));
        GraphProto old = mlp.model().getGraph();
        GraphProto.Builder graph = old.toBuilder().clearNode();
        graph.addInitializer(OnnxTensors.write("ratio", Tensor.of(Shape.of(), 0.4f)));
        for (NodeProto node : old.getNodeList()) {
            NodeProto.Builder changed = node.toBuilder();
            if (node.getOpType().equals("Tanh")) {
                String output = node.getOutput(0);
                graph.addNode(changed.setOutput(0, "active"));
                graph.addNode(NodeProto.newBuilder()
                        .setName("drop")
                        .setOpType("Dropout")
                        .addInput("active")
                        .addInput("ratio")
                        .addOutput(output));
            } else {
                graph.addNode(changed);
            }
        }
        Path file = folder.resolve("dropout.onnx");
        OnnxWriter.write(file, mlp.model().toBuilder().setGraph(graph).build());
        return file;
    }

    private OnnxTrainer trainer() {
        return OnnxTrainer.of(model())
                .examples(References.data(folder, "mlp"))
                .batchSize(20)
                .epochs(3)
                .optimizer(Adam.of(1e-2));
    }

    private byte[] bytes(OnnxTrainer trainer) throws IOException {
        Path target = folder.resolve("tuned.onnx");
        trainer.train(target);
        return Files.readAllBytes(target);
    }

    @Test
    void dropsInTrainingModeAloneAndAsTheSeedSays() throws IOException {
        List<String> notices = new ArrayList<>();
        byte[] inference = bytes(trainer().notices(notices::add));
        assertTrue(notices.stream().anyMatch(n -> n.contains("dropouts are left out")), notices.toString());
        byte[] training = bytes(trainer().trainMode().notices(notices::add));
        assertTrue(notices.contains("0 batch normalizations and 1 dropouts in training mode"), notices.toString());
        assertFalse(java.util.Arrays.equals(inference, training));
        assertArrayEquals(training, bytes(trainer().trainMode()));
        assertFalse(
                java.util.Arrays.equals(training, bytes(trainer().trainMode().seed(1))));
        assertTrue(OnnxFile.read(folder.resolve("tuned.onnx")).model().getGraph().getNodeList().stream()
                .anyMatch(node -> node.getOpType().equals("Dropout")));
    }

    @Test
    void aTrainingThatGoesOnDropsTheSame() throws IOException {
        byte[] whole = bytes(trainer().trainMode().epochs(4));
        Path kept = folder.resolve("kept");
        trainer().trainMode().epochs(2).checkpoints(kept, Retention.last(1)).train(folder.resolve("half.onnx"));
        assertArrayEquals(
                whole,
                bytes(trainer()
                        .trainMode()
                        .epochs(4)
                        .checkpoints(kept, Retention.last(1))
                        .resume()));
    }

    /** The mean of a mask is 1, whatever it drops; 40,000 draws of deviation 0.8 are within 5 deviations of it. */
    @Test
    void masksKeepTheMean() {
        TrainableGraph.Mask mask = new TrainableGraph.Mask(TensorShape.perExample(1000), 0.4f);
        double[] drawn =
                new DropoutMasks(Map.of("m", mask), 3).draw(5, 40).get("m").toDoubles();
        double sum = 0;
        for (double value : drawn) {
            assertTrue(value == 0 || Math.abs(value - 1 / 0.6) < 1e-6, "value " + value);
            sum += value;
        }
        assertEquals(1, sum / drawn.length, 5 * 0.82 / Math.sqrt(drawn.length));
    }
}
