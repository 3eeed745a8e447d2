package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.CheckpointFolder;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Sgd;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a user can get wrong ends in one line. */
class RefusedTrainingTest {
    @TempDir
    private Path folder;

    private OnnxTrainer trainer() {
        return References.trainer(folder, "mlp").optimizer(Adam.of(1e-2));
    }

    private Path target() {
        return folder.resolve("tuned.onnx");
    }

    private static String refused(Executable work, String... words) {
        String message = assertThrows(SquisherException.class, work).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static Examples withLabel(Examples data, long label) {
        Map<String, Tensor> arrays = new LinkedHashMap<>(data.arrays());
        long[] labels = arrays.get("labels").toLongs();
        labels[3] = label;
        arrays.put("labels", Tensor.of(Shape.of(labels.length), labels));
        return Examples.of("spoilt", arrays);
    }

    @Test
    void labelsBeyondTheClasses() {
        Examples data = withLabel(References.data(folder, "mlp"), 3);
        Path model = References.copy(folder, "mlp.onnx");
        refused(() -> OnnxTrainer.of(model).examples(data).train(target()), "row 3 holds 3", "from 0 to 2");
        refused(() -> trainer().validation(data).train(target()), "row 3 holds 3");
    }

    @Test
    void classesWithoutAnExampleAreNamed() {
        List<String> notices = new ArrayList<>();
        Examples data = References.data(folder, "mlp");
        Map<String, Tensor> arrays = new LinkedHashMap<>(data.arrays());
        arrays.put("labels", Tensor.of(Shape.of(36), new long[36]));
        OnnxTrainer.of(References.copy(folder, "mlp.onnx"))
                .examples(Examples.of("zeros", arrays))
                .epochs(1)
                .notices(notices::add)
                .train(target());
        assertTrue(
                notices.stream()
                        .anyMatch(n -> n.contains("2 of 3 classes have no example in the training data: [1, 2]")),
                notices.toString());
    }

    @Test
    void aTrainingThatDivergesStopsAndKeepsItsCheckpoint() {
        Path kept = folder.resolve("kept");
        String message = refused(
                () -> trainer()
                        .optimizer(Sgd.of(1e30))
                        .epochs(5)
                        .checkpoints(kept, Retention.last(1))
                        .checkpointEvery(1)
                        .train(target()),
                "at step",
                "the training diverged",
                "the last checkpoint is '" + kept.resolve("ckpt-"));
        String last = message.substring(message.lastIndexOf("ckpt-"), message.lastIndexOf('\''));
        new CheckpointLayout().verify(kept.resolve(last.replace(".onnx", "")));
        assertFalse(Files.exists(target()));
    }

    /** The last step's weights are seen by no loss any more. */
    @Test
    void weightsThatLeftFloat32AreNotWritten() {
        refused(
                () -> trainer().optimizer(Sgd.of(1e40)).batchSize(36).epochs(1).train(target()),
                "after step 1: the training diverged");
        assertFalse(Files.exists(target()));
    }

    @Test
    void aValidationLossThatIsNoNumberStops() {
        Path kept = folder.resolve("kept");
        refused(
                () -> trainer()
                        .optimizer(Sgd.of(1e30))
                        .batchSize(36)
                        .epochs(1)
                        .validation(References.data(folder, "mlp"))
                        .checkpoints(kept, Retention.last(1))
                        .train(target()),
                "the validation loss is",
                "after step 1: the training diverged");
        assertFalse(Files.exists(target()));
        assertEquals(List.of(), new CheckpointFolder(kept, new CheckpointLayout()).pairs());
    }

    @Test
    void aHeadOfOneClass() {
        refused(
                () -> OnnxTrainer.of(References.copy(folder, "transformer.onnx"))
                        .examples(References.data(folder, "transformer"))
                        .output("/layers.1/norm2/Add_1_output_0")
                        .head(1, Pooling.FIRST)
                        .train(target()),
                "'logits' has one class, which is right for every label: there is nothing to learn");
    }

    @Test
    void aQuantizedModel() {
        OnnxFile mlp = OnnxFile.read(References.copy(folder, "mlp.onnx"));
        GraphProto.Builder graph = mlp.model().getGraph().toBuilder();
        graph.addNode(NodeProto.newBuilder()
                .setName("rounded")
                .setOpType("DynamicQuantizeLinear")
                .addInput("x")
                .addOutput("a")
                .addOutput("b")
                .addOutput("c"));
        Path file = folder.resolve("quantized.onnx");
        OnnxWriter.write(file, mlp.model().toBuilder().setGraph(graph).build());
        refused(
                () -> OnnxTrainer.of(file)
                        .examples(References.data(folder, "mlp"))
                        .train(target()),
                "is quantized (DynamicQuantizeLinear 'rounded')",
                "train the float32 model");
    }

    @Test
    void aValueWithoutGradient() {
        refused(() -> trainer().freeze("").train(target()), "all 6 parameters", "are frozen");
        refused(
                () -> OnnxTrainer.of(References.copy(folder, "mlp.onnx"))
                        .examples(References.data(folder, "mlp"))
                        .output("nothing")
                        .train(target()),
                "nothing");
    }

    @Test
    void aHeadOnAValueOfAnotherShape() {
        refused(
                () -> OnnxTrainer.of(References.copy(folder, "transformer.onnx"))
                        .examples(References.data(folder, "transformer"))
                        .output("/layers.1/norm2/Add_1_output_0")
                        .head(3)
                        .train(target()),
                "[N, 6, 16]",
                "pool its tokens with mean or first");
    }

    @Test
    void masksAndPenaltiesOfAnotherModel() {
        refused(
                () -> trainer().mask("nobody", Tensor.of(Shape.of(1), 1f)).train(target()),
                "the mask has parameters that are not trained: nobody");
        refused(
                () -> trainer().mask("0.bias", Tensor.of(Shape.of(1), 1f)).train(target()),
                "the mask of '0.bias' is [1], the parameter [12]");
        Map<String, Tensor> strange = Map.of("nobody", Tensor.of(Shape.of(1), 1f));
        refused(
                () -> trainer()
                        .penalty(new Penalty(1, Optional.of(strange), Optional.empty()))
                        .train(target()),
                "the penalty holds none of the trained parameters");
        Map<String, Tensor> wrong = Map.of("0.bias", Tensor.of(Shape.of(1), 1f));
        refused(
                () -> trainer()
                        .penalty(new Penalty(1, Optional.of(wrong), Optional.empty()))
                        .train(target()),
                "the penalty's strength of '0.bias' is [1], the parameter [12]");
    }

    @Test
    void settingsOutOfRange() {
        refused(() -> Adam.of(0), "the learning rate is a number above 0, not 0.0");
        refused(() -> new Adam(1, 1, 0.9, 1e-8), "beta1 is at least 0 and below 1, not 1.0");
        refused(() -> new Sgd(1, 0, true), "the momentum of Nesterov");
        refused(() -> trainer().epochs(0).train(target()), "epochs are at least 1, not 0");
        refused(() -> trainer().batchSize(0).train(target()), "examples of a batch are at least 1, not 0");
        refused(() -> trainer().labelSmoothing(1), "label smoothing is at least 0 and below 1");
        refused(() -> trainer().clip(-1).train(target()), "the limit of the gradient's norm is a number above 0");
        refused(() -> trainer().optimizer(AdamW.of(1)).decay(-1).train(target()), "weight decay is 0 or above");
        refused(() -> trainer().earlyStopping(1).train(target()), "stopping early needs validation data");
        refused(() -> trainer().head(0), "a head has at least 1 output, not 0");
        refused(() -> Penalty.anchor(-1), "lambda is 0 or above");
        refused(() -> OnnxTrainer.of(References.copy(folder, "mlp.onnx")).train(target()), "give the examples either");
        refused(() -> trainer().train(folder.resolve("mlp.onnx")), "mlp.onnx");
    }
}
