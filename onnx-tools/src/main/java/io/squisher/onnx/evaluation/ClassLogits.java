package io.squisher.onnx.evaluation;

/** Receives what a classifier says of one label: of an example, or of a token in it. */
@FunctionalInterface
public interface ClassLogits {
    /**
     * Takes one label in.
     *
     * @param example number of the example among those evaluated, from 0
     * @param logits one for each class; the array is the receiver's
     * @param label the class in the data, from 0
     */
    void accept(long example, double[] logits, int label);
}
