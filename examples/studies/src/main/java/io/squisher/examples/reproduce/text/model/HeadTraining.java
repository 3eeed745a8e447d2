package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.files.Folders;
import io.squisher.files.AtomicFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a linear head while the encoder stays as it is: what the encoder makes of a text is computed once, not in each epoch.
 *
 * @param epochs how often each text is seen
 * @param batch texts of a step
 * @param rate the learning rate
 */
record HeadTraining(int epochs, int batch, double rate) {
    private static final String VECTOR = "vector";

    /**
     * Puts a trained head in the place of a model's own.
     *
     * @param model with a head, of any classes
     * @param sets of one length each
     * @param target for the model
     */
    void train(TextModels models, OnnxFile model, int classes, Examples[] sets, long seed, Path target) {
        Heads heads = new Heads(model);
        OnnxFile untrained = heads.with(
                Tensor.of(Shape.of(classes, heads.width()), new float[classes * heads.width()]),
                Tensor.of(Shape.of(classes), new float[classes]));
        Path scratch = Folders.created(target.resolveSibling(target.getFileName() + ".head"));
        Path linear = scratch.resolve("linear.onnx");
        AtomicFile.write(linear, identity(heads.width()));
        Path trained = scratch.resolve("trained.onnx");
        models.trainer(linear, seed)
                .head(classes)
                .examples(Arrays.stream(sets)
                        .map(set ->
                                Features.of(models.evaluation(untrained, set)).examples())
                        .toArray(Examples[]::new))
                .optimizer(AdamW.of(rate))
                .batchSize(batch)
                .epochs(epochs)
                .train(trained);
        Heads found = new Heads(OnnxFile.read(trained));
        AtomicFile.write(
                target, heads.with(found.weight(), found.bias()).model().toByteArray());
        Folders.delete(scratch);
    }

    /** A model that gives what it gets, for a head to stand behind. */
    private static byte[] identity(int width) {
        return new ModelBuilder()
                .nodes(List.of(
                        new Node("identity", "Identity", "", List.of(Features.NAME), List.of(VECTOR), Attributes.NONE)))
                .inputs(List.of(ModelBuilder.input(Features.NAME, DataType.FLOAT_VALUE, -1, width)))
                .output(VECTOR)
                .build()
                .toByteArray();
    }
}
