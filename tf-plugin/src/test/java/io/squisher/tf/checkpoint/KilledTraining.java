package io.squisher.tf.checkpoint;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import java.nio.file.Path;
import java.util.Random;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;

/** A training run that saves after every step, says so on standard output, and never ends by itself. */
final class KilledTraining {
    private KilledTraining() {}

    /** Arguments: the folder. */
    public static void main(String[] arguments) {
        Digits digits = Digits.load();
        try (DigitsNetwork network = wide()) {
            Squisher squisher = Squisher.attach(network.graph).batchSize(8);
            try (Session session = new Session(network.graph);
                    CheckpointManager manager = CheckpointManager.open(
                            Path.of(arguments[0]), squisher, Retention.last(2).andEvery(50))) {
                session.initialize();
                long step = manager.restoreLatest(session).orElse(0);
                report("restored", step);
                while (true) {
                    network.step(session, digits.batch(8, new Random(step)));
                    step++;
                    manager.save(session, step);
                    if (step % 2 == 0) {
                        manager.await();
                        report("saved", step);
                    }
                }
            }
        }
    }

    /** Some 200,000 parameters, so that a save takes long enough to be met by a kill. */
    static DigitsNetwork wide() {
        DigitsNetwork network =
                DigitsNetwork.of(1, n -> n.dense(n.dense(n.images, "hidden", 64, 2500), "out", 2500, 10));
        network.minimize(Adam::new);
        return network;
    }

    private static void report(String what, long step) {
        System.out.println(what + " " + step);
        System.out.flush();
    }
}
