package io.squisher.onnx.training;

import io.squisher.SquisherException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Ends a training whose numbers left float32, before any file has them.
 *
 * @param when the step, in words
 * @param last the model of the newest checkpoint
 */
record Divergence(String when, Optional<Path> last) {
    /** In the step that is being done. */
    static Divergence during(TrainingProgress progress, Optional<Path> last) {
        return new Divergence("at step " + (progress.step() + 1) + " (epoch " + progress.epoch() + ")", last);
    }

    /** After the steps that are done. */
    static Divergence after(TrainingProgress progress, Optional<Path> last) {
        return new Divergence("after step " + progress.step(), last);
    }

    /**
     * Lets a finite number pass.
     *
     * @throws SquisherException if it is none
     */
    void requireFinite(String what, double value) {
        if (!Double.isFinite(value)) {
            throw refused("the " + what + " is " + value);
        }
    }

    /**
     * Lets finite weights and running statistics pass.
     *
     * @throws SquisherException if one is not
     */
    void requireFinite(ModelState state) {
        state.parameters().forEach((name, parameter) -> requireFinite(name, parameter.weights()));
        state.statistics().forEach((name, statistic) -> requireFinite(name, statistic.value()));
    }

    private void requireFinite(String name, ByteBuffer values) {
        FloatBuffer floats = values.asFloatBuffer();
        for (int i = 0; i < floats.limit(); i++) {
            if (!Float.isFinite(floats.get(i))) {
                throw refused("'" + name + "' has " + floats.get(i));
            }
        }
    }

    private SquisherException refused(String what) {
        return new SquisherException(what + " " + when
                + ": the training diverged, and stops; a lower learning rate, a warm-up, or a limit on the gradient's norm"
                + " usually helps"
                + last.map(model -> "; the last checkpoint is '" + model + "'").orElse(""));
    }
}
