package io.squisher.onnx.training.optimizer;

import java.util.List;
import java.util.Optional;

/**
 * Gradient descent: {@code b ← μ b + g}, {@code θ ← θ − η b}; with Nesterov's momentum {@code θ ← θ − η (g + μ b)}. Weight
 * decay goes into the gradient. It keeps no squared gradients: the trainer keeps an average of its own.
 *
 * @param learningRate η, above 0
 * @param momentum μ, from 0 to below 1
 * @param nesterov whether the momentum looks ahead; needs some
 */
public record Sgd(double learningRate, double momentum, boolean nesterov) implements Optimizer {
    public Sgd {
        Optimizer.requirePositive("the learning rate", learningRate);
        Optimizer.requireShare("the momentum", momentum);
        if (nesterov) {
            Optimizer.requirePositive("the momentum of Nesterov", momentum);
        }
    }

    /** Without momentum. */
    public static Sgd of(double learningRate) {
        return new Sgd(learningRate, 0, false);
    }

    @Override
    public String name() {
        return "SGD";
    }

    @Override
    public List<String> slots() {
        return momentum > 0 ? List.of("momentum") : List.of();
    }

    @Override
    public Optional<String> squares() {
        return Optional.empty();
    }

    @Override
    public Optional<Double> squaresDecay() {
        return Optional.empty();
    }

    @Override
    public boolean decouplesDecay() {
        return false;
    }

    @Override
    public UpdateRule rule(StepFacts facts) {
        float rate = (float) facts.learningRate();
        float kept = (float) momentum;
        if (momentum == 0) {
            return (weights, gradient, slots, count) -> {
                for (int i = 0; i < count; i++) {
                    weights[i] -= rate * gradient[i];
                }
            };
        }
        float ofGradient = nesterov ? 1 : 0;
        float ofVelocity = nesterov ? kept : 1;
        return (weights, gradient, slots, count) -> {
            float[] velocity = slots[0];
            for (int i = 0; i < count; i++) {
                float b = kept * velocity[i] + gradient[i];
                velocity[i] = b;
                weights[i] -= rate * (ofGradient * gradient[i] + ofVelocity * b);
            }
        };
    }

    @Override
    public String description() {
        return "SGD(learning rate " + learningRate + ", momentum " + momentum + (nesterov ? ", Nesterov" : "") + ")";
    }
}
