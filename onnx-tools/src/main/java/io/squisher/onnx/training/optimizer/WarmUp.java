package io.squisher.onnx.training.optimizer;

import java.util.function.DoubleUnaryOperator;

/** The rise of a learning rate from 0 before it falls. No step has the factor 0, which would do nothing. */
final class WarmUp {
    private WarmUp() {}

    /**
     * The factor of a step.
     *
     * @param fall the factor by the share of the fall that is done, from 0 to 1
     */
    static double factor(long step, long total, double share, DoubleUnaryOperator fall) {
        long done = step - 1;
        long rising = Math.round(share * total);
        if (done < rising) {
            return (double) (done + 1) / (rising + 1);
        }
        return fall.applyAsDouble((double) (done - rising) / Math.max(1, total - rising));
    }
}
