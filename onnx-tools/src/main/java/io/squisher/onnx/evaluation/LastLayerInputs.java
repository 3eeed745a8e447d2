package io.squisher.onnx.evaluation;

/** Receives an example as a classifier's last layer meets it. */
@FunctionalInterface
public interface LastLayerInputs {
    /**
     * Takes one example in.
     *
     * @param features what the layer gets; the array is the receiver's
     * @param logits what it gives, one for each class; the array is the receiver's
     * @param label the class in the data, from 0
     */
    void accept(double[] features, double[] logits, int label);
}
