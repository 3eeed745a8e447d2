package io.squisher.templates.resumetraining;

import io.squisher.tf.checkpoint.CheckpointManager;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.tf.checkpoint.Squisher;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;

/**
 * A training that may be killed at any moment: started again, it goes on from the newest pair of checkpoint and Squisher. Start
 * it twice, or kill it and start it again.
 */
public final class ResumeTraining {
    private static final int BATCH = 32;
    private static final int SAVE_EVERY = 100;

    private ResumeTraining() {}

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments.length > 0 ? arguments[0] : "resume-training");
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
        long from = run(folder, steps);
        System.out.println("went on from step " + from + "; the pairs are in " + folder.toAbsolutePath());
    }

    /** Trains until so many steps are done in all; returns the step that it began at. */
    static long run(Path folder, int steps) {
        Digits digits = Digits.load();
        try (Network network = new Network(Network.random(1), 64)) {
            Op step = new Adam(network.graph(), 1e-3f).minimize(network.loss());
            Squisher squisher = Squisher.attach(network.graph());
            squisher.batchSize(BATCH).datasetSize(digits.size());

            Retention retention = Retention.last(3).andEvery(1000).andLowest(1);
            try (Session session = new Session(network.graph());
                    CheckpointManager checkpoints = CheckpointManager.open(folder, squisher, retention)) {
                OptionalLong restored = checkpoints.restoreLatest(session);
                if (restored.isEmpty()) {
                    session.initialize();
                }
                // The same batches as if it had never stopped.
                var batches = digits.batches(BATCH, 1);
                for (long i = 0; i < restored.orElse(0); i++) {
                    batches.next();
                }
                for (long i = restored.orElse(0) + 1; i <= steps; i++) {
                    float loss = network.step(session, step, batches.next(), Digits.ALL);
                    if (i % SAVE_EVERY == 0) {
                        checkpoints.save(session, i, loss);
                    }
                }
                return restored.orElse(0);
            }
        }
    }
}
