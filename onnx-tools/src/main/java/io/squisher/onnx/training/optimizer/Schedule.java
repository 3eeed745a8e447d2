package io.squisher.onnx.training.optimizer;

/** How the learning rate goes over the steps of a training. */
public sealed interface Schedule {
    /**
     * The factor on the learning rate.
     *
     * @param step from 1 on
     * @param total steps of the whole training
     */
    double factor(long step, long total);

    /** The same rate throughout. */
    record Constant() implements Schedule {
        @Override
        public double factor(long step, long total) {
            return 1;
        }
    }

    /**
     * Up from 0 over a share of the steps, then down to 0 in a line.
     *
     * @param warmUp the share, from 0 to below 1
     */
    record Linear(double warmUp) implements Schedule {
        public Linear {
            Optimizer.requireShare("the warm-up", warmUp);
        }

        @Override
        public double factor(long step, long total) {
            return WarmUp.factor(step, total, warmUp, done -> 1 - done);
        }
    }

    /**
     * Up from 0 over a share of the steps, then down to 0 along half a cosine (Loshchilov and Hutter 2017, without restarts).
     *
     * @param warmUp the share, from 0 to below 1
     */
    record Cosine(double warmUp) implements Schedule {
        public Cosine {
            Optimizer.requireShare("the warm-up", warmUp);
        }

        @Override
        public double factor(long step, long total) {
            return WarmUp.factor(step, total, warmUp, done -> 0.5 * (1 + Math.cos(Math.PI * done)));
        }
    }
}
