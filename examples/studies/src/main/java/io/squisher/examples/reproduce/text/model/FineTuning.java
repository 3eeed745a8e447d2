package io.squisher.examples.reproduce.text.model;

import io.squisher.Counted;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Schedule;

/**
 * How an encoder with a head is trained on a task, with AdamW.
 *
 * @param epochs how often each text is seen
 * @param batch texts of a step
 * @param rate the learning rate before the schedule's factor
 * @param beta2 decay of the accumulator of squared gradients
 * @param decay weight decay of matrices
 */
public record FineTuning(int epochs, int batch, double rate, double beta2, Schedule schedule, double decay) {
    private static final double BETA1 = 0.9;
    private static final double EPSILON = 1e-8;

    /** The training that all settings share. */
    public static final FineTuning USUAL = new FineTuning(2, 16, 1e-4, 0.999, new Schedule.Constant(), 0);

    /** Steps so small that the weights stay: the accumulator becomes that of one place. */
    public static final FineTuning IN_PLACE = USUAL.withEpochs(1).withRate(1e-30);

    AdamW optimizer() {
        return new AdamW(new Adam(rate, BETA1, beta2, EPSILON));
    }

    public FineTuning withEpochs(int other) {
        return new FineTuning(other, batch, rate, beta2, schedule, decay);
    }

    public FineTuning withBatch(int other) {
        return new FineTuning(epochs, other, rate, beta2, schedule, decay);
    }

    public FineTuning withRate(double other) {
        return new FineTuning(epochs, batch, other, beta2, schedule, decay);
    }

    public FineTuning withBeta2(double other) {
        return new FineTuning(epochs, batch, rate, other, schedule, decay);
    }

    public FineTuning withSchedule(Schedule other) {
        return new FineTuning(epochs, batch, rate, beta2, other, decay);
    }

    public FineTuning withDecay(double other) {
        return new FineTuning(epochs, batch, rate, beta2, schedule, other);
    }

    /** It in words. */
    public String words() {
        return Counted.of(epochs, "epoch") + " of AdamW in batches of " + batch + ", learning rate " + rate + " ("
                + schedule.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + "), beta2 " + beta2
                + ", weight decay " + decay;
    }
}
