package io.squisher.onnx.training.optimizer;

import java.util.List;
import java.util.Optional;

/**
 * RMSProp (Tieleman and Hinton 2012): {@code v ← α v + (1−α) g²}, {@code u = g / (√v + ε)}, and with momentum μ
 * {@code b ← μ b + u}, {@code θ ← θ − η b}. Weight decay goes into the gradient.
 *
 * @param learningRate η, above 0
 * @param alpha from 0 to below 1
 * @param epsilon above 0
 * @param momentum μ, from 0 to below 1
 */
public record RmsProp(double learningRate, double alpha, double epsilon, double momentum) implements Optimizer {
    private static final String SQUARES = "v";

    public RmsProp {
        Optimizer.requirePositive("the learning rate", learningRate);
        Optimizer.requireShare("alpha", alpha);
        Optimizer.requirePositive("epsilon", epsilon);
        Optimizer.requireShare("the momentum", momentum);
    }

    /** With α = 0.99, ε = 1e-8, and no momentum. */
    public static RmsProp of(double learningRate) {
        return new RmsProp(learningRate, 0.99, 1e-8, 0);
    }

    @Override
    public String name() {
        return "RMSprop";
    }

    @Override
    public List<String> slots() {
        return momentum > 0 ? List.of(SQUARES, "momentum") : List.of(SQUARES);
    }

    @Override
    public Optional<String> squares() {
        return Optional.of(SQUARES);
    }

    @Override
    public Optional<Double> squaresDecay() {
        return Optional.of(alpha);
    }

    @Override
    public boolean decouplesDecay() {
        return false;
    }

    @Override
    public UpdateRule rule(StepFacts facts) {
        float decay = (float) alpha;
        float share = (float) (1 - alpha);
        float rate = (float) facts.learningRate();
        float small = (float) epsilon;
        float kept = (float) momentum;
        if (momentum == 0) {
            return (weights, gradient, slots, count) -> {
                float[] squares = slots[0];
                for (int i = 0; i < count; i++) {
                    float g = gradient[i];
                    float v = decay * squares[i] + share * g * g;
                    squares[i] = v;
                    weights[i] -= rate * (g / ((float) Math.sqrt(v) + small));
                }
            };
        }
        return (weights, gradient, slots, count) -> {
            float[] squares = slots[0];
            float[] velocity = slots[1];
            for (int i = 0; i < count; i++) {
                float g = gradient[i];
                float v = decay * squares[i] + share * g * g;
                float b = kept * velocity[i] + g / ((float) Math.sqrt(v) + small);
                squares[i] = v;
                velocity[i] = b;
                weights[i] -= rate * b;
            }
        };
    }

    @Override
    public String description() {
        return "RMSprop(learning rate " + learningRate + ", alpha " + alpha + ", epsilon " + epsilon + ", momentum "
                + momentum + ")";
    }
}
