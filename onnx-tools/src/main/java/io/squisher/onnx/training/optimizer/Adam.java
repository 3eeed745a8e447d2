package io.squisher.onnx.training.optimizer;

import java.util.List;
import java.util.Optional;

/**
 * Adam (Kingma and Ba 2015): {@code m ← β1 m + (1−β1) g}, {@code v ← β2 v + (1−β2) g²},
 * {@code θ ← θ − η/(1−β1ᵗ) · m / (√v / √(1−β2ᵗ) + ε)}. Weight decay goes into the gradient.
 *
 * @param learningRate η, above 0
 * @param beta1 from 0 to below 1
 * @param beta2 from 0 to below 1
 * @param epsilon above 0
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon) implements Optimizer {
    /** The slot of squared gradients. */
    static final String SQUARES = "v";

    public Adam {
        Optimizer.requirePositive("the learning rate", learningRate);
        Optimizer.requireShare("beta1", beta1);
        Optimizer.requireShare("beta2", beta2);
        Optimizer.requirePositive("epsilon", epsilon);
    }

    /** With β1 = 0.9, β2 = 0.999, ε = 1e-8. */
    public static Adam of(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-8);
    }

    @Override
    public String name() {
        return "Adam";
    }

    @Override
    public List<String> slots() {
        return List.of("m", SQUARES);
    }

    @Override
    public Optional<String> squares() {
        return Optional.of(SQUARES);
    }

    @Override
    public Optional<Double> squaresDecay() {
        return Optional.of(beta2);
    }

    @Override
    public boolean decouplesDecay() {
        return false;
    }

    @Override
    public UpdateRule rule(StepFacts facts) {
        float decay1 = (float) beta1;
        float decay2 = (float) beta2;
        float share1 = (float) (1 - beta1);
        float share2 = (float) (1 - beta2);
        float step = (float) (facts.learningRate() / (1 - Math.pow(beta1, facts.step())));
        float root = (float) Math.sqrt(1 - Math.pow(beta2, facts.step()));
        float epsilonOfStep = (float) epsilon;
        return (weights, gradient, slots, count) -> {
            float[] mean = slots[0];
            float[] squares = slots[1];
            for (int i = 0; i < count; i++) {
                float g = gradient[i];
                float m = decay1 * mean[i] + share1 * g;
                float v = decay2 * squares[i] + share2 * g * g;
                mean[i] = m;
                squares[i] = v;
                weights[i] -= step * (m / ((float) Math.sqrt(v) / root + epsilonOfStep));
            }
        };
    }

    @Override
    public String description() {
        return "Adam(learning rate " + learningRate + ", beta1 " + beta1 + ", beta2 " + beta2 + ", epsilon " + epsilon
                + ")";
    }
}
