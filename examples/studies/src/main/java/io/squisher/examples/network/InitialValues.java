package io.squisher.examples.network;

import java.util.Map;
import java.util.Random;
import org.tensorflow.ndarray.Shape;

/** What a network's variables start from. */
@FunctionalInterface
public interface InitialValues {
    /**
     * The values of a variable, row-major.
     *
     * @param inputs how many values each output of its layer adds up; 0 for a bias
     */
    float[] of(String name, Shape shape, long inputs);

    /** Weights from N(0, 2/inputs), for layers with ReLU (He et al. 2015), and biases of 0. */
    static InitialValues random(long seed) {
        Random random = new Random(seed);
        return (name, shape, inputs) -> {
            float[] values = new float[Math.toIntExact(shape.size())];
            for (int i = 0; inputs > 0 && i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
            }
            return values;
        };
    }

    /** The values of another network of the same variables. */
    static InitialValues of(Map<String, float[]> values) {
        return (name, shape, inputs) -> values.get(name);
    }
}
