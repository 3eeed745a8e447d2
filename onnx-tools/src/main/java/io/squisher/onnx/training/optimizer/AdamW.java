package io.squisher.onnx.training.optimizer;

import java.util.List;
import java.util.Optional;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): weights are multiplied by {@code 1 − η · decay} before Adam's
 * update, whose gradient has no decay in it.
 *
 * @param adam the update
 */
public record AdamW(Adam adam) implements Optimizer {
    /** With β1 = 0.9, β2 = 0.999, ε = 1e-8. */
    public static AdamW of(double learningRate) {
        return new AdamW(Adam.of(learningRate));
    }

    @Override
    public String name() {
        return "AdamW";
    }

    @Override
    public double learningRate() {
        return adam.learningRate();
    }

    @Override
    public List<String> slots() {
        return adam.slots();
    }

    @Override
    public Optional<String> squares() {
        return adam.squares();
    }

    @Override
    public Optional<Double> squaresDecay() {
        return adam.squaresDecay();
    }

    @Override
    public boolean decouplesDecay() {
        return true;
    }

    @Override
    public UpdateRule rule(StepFacts facts) {
        return adam.rule(facts);
    }

    @Override
    public String description() {
        return "AdamW" + adam.description().substring("Adam".length());
    }
}
