package io.squisher.onnx.training.optimizer;

/** The update of a run of elements of one parameter; every element for itself. Safe for several threads on different runs. */
@FunctionalInterface
public interface UpdateRule {
    /**
     * Changes weights and slots.
     *
     * @param weights the first {@code count} are changed
     * @param gradient of the loss, in the same order
     * @param slots by number of the slot
     */
    void update(float[] weights, float[] gradient, float[][] slots, int count);
}
