package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.onnx.training.optimizer.Optimizer;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How a step changes the weights.
 *
 * @param clip the largest norm of the gradient; empty for no limit
 * @param decay weight decay, 0 or above
 * @param undecayed parameters, beside vectors and scalars, that have none
 * @param masks by parameter, not 0 where it is trained; parameters without one are trained whole
 * @param frozen names of parameters that keep their values
 */
record StepChoice(
        Optimizer optimizer,
        Schedule schedule,
        OptionalDouble clip,
        double decay,
        List<Pattern> undecayed,
        List<Penalty> penalties,
        Map<String, Tensor> masks,
        List<Pattern> frozen) {
    /** Of the average of squared gradients where the optimizer keeps none. */
    private static final double OWN_DECAY = 0.999;

    StepChoice {
        if (!(decay >= 0) || Double.isInfinite(decay)) {
            throw new SquisherException("weight decay is 0 or above and finite, not " + decay);
        }
        clip.ifPresent(limit -> Optimizer.requirePositive("the limit of the gradient's norm", limit));
        undecayed = List.copyOf(undecayed);
        penalties = List.copyOf(penalties);
        masks = new LinkedHashMap<>(masks);
        frozen = List.copyOf(frozen);
    }

    /** Biases and the scales of normalizations have one axis at most: they are not pulled to 0. */
    boolean decays(String name, Shape shape) {
        return decay > 0
                && shape.rank() > 1
                && undecayed.stream().noneMatch(pattern -> pattern.matcher(name).find());
    }

    boolean isFrozen(String name) {
        return frozen.stream().anyMatch(pattern -> pattern.matcher(name).find());
    }

    /**
     * Whether an average of the data's squared gradients is kept beside the optimizer's: it has none, or its own has squares of
     * gradients of penalties or decay in it as well.
     */
    boolean keepsOwnSquares() {
        boolean mixed = penalties.stream().anyMatch(penalty -> penalty.lambda() > 0)
                || decay > 0 && !optimizer.decouplesDecay();
        return mixed || optimizer.squares().isEmpty();
    }

    double ownDecay() {
        return optimizer.squaresDecay().orElse(OWN_DECAY);
    }

    /** Holds a mask against what is trained. */
    void checkMasks(Map<String, TrainedParameter> parameters) {
        Set<String> unknown = new TreeSet<>(masks.keySet());
        unknown.removeAll(parameters.keySet());
        if (!unknown.isEmpty()) {
            throw new SquisherException("the mask has parameters that are not trained: "
                    + unknown.iterator().next()
                    + (unknown.size() > 1 ? " and " + (unknown.size() - 1) + " more" : "") + "; trained are "
                    + parameters.size() + " parameters, '"
                    + parameters.keySet().iterator().next() + "' for one");
        }
        masks.forEach((name, mask) -> {
            Shape shape = parameters.get(name).shape();
            if (!mask.shape().equals(shape)) {
                throw new SquisherException(
                        "the mask of '" + name + "' is " + mask.shape() + ", the parameter " + shape);
            }
        });
    }
}
