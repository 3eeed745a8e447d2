package io.squisher.examples.reproduce.text.model;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Tensor;

/**
 * The head of a model, to be read and replaced by one of other classes.
 *
 * @param model with a head that the trainer has added
 */
record Heads(OnnxFile model) {
    private static final String WEIGHT = "head.weight";
    private static final String BIAS = "head.bias";

    /** Whether a model has a head. */
    static boolean isIn(OnnxFile model) {
        return model.model().getGraph().getInitializerList().stream()
                .anyMatch(tensor -> tensor.getName().equals(WEIGHT));
    }

    /** The weights, {@code [classes, width]}. */
    Tensor weight() {
        return OnnxTensors.read(stored(WEIGHT));
    }

    /** The biases, {@code [classes]}. */
    Tensor bias() {
        return OnnxTensors.read(stored(BIAS));
    }

    /** How many numbers the head gets of a text. */
    int width() {
        return Math.toIntExact(stored(WEIGHT).getDims(1));
    }

    private TensorProto stored(String name) {
        return model.model().getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The same model with another head, in memory. */
    OnnxFile with(Tensor weight, Tensor bias) {
        GraphProto.Builder graph = model.model().getGraph().toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            switch (graph.getInitializer(i).getName()) {
                case WEIGHT -> graph.setInitializer(i, OnnxTensors.write(WEIGHT, weight));
                case BIAS -> graph.setInitializer(i, OnnxTensors.write(BIAS, bias));
                default -> {
                    // The encoder's own.
                }
            }
        }
        String output = graph.getOutput(0).getName();
        graph.setOutput(
                0,
                ModelBuilder.input(
                        output, DataType.FLOAT_VALUE, -1, weight.shape().dim(0)));
        return new OnnxFile(
                model.path(), model.model().toBuilder().setGraph(graph).build());
    }
}
