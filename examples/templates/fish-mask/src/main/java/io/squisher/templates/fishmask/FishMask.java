package io.squisher.templates.fishmask;

import io.squisher.apps.mask.FisherScoring;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.mask.MaskOptions;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherFile;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.training.MaskedUpdates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;

/**
 * A FISH mask (Sung et al. 2021) from a Squisher: a network that knows the digits below five is fine-tuned on the others, and
 * its Squisher says which few parameters that takes. Then they alone are trained, and the rest keeps its bits.
 * Baseline: a random mask.
 */
public final class FishMask implements AutoCloseable {
    private static final int BATCH = 32;
    private static final MaskOptions KEEP = new MaskOptions(0.02, Scope.GLOBAL, Optional.empty(), HeadCount.OUTSIDE);

    private final Path folder;
    private final Digits test;
    private final Network network = new Network(Network.random(1), 64, 64);
    private final MaskedUpdates masked;
    private final Squisher squisher;
    private final Session session;

    private FishMask(Path folder, Digits test) {
        this.folder = folder;
        this.test = test;
        Op step = new Adam(network.graph(), 1e-3f).minimize(network.loss());
        masked = MaskedUpdates.add(step); // run masked.train() in place of step
        squisher = Squisher.attach(step).batchSize(BATCH);
        session = new Session(network.graph());
        session.initialize();
    }

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "fish-mask"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
        run(folder, steps).forEach((model, percent) -> System.out.printf("%-22s %5.1f %%%n", model, percent));
    }

    /** Percent of test images of the digits from five on that are told right, by what was trained. */
    static Map<String, Double> run(Path folder, int steps) {
        Digits digits = Digits.load();
        Digits fresh = digits.training().withLabels(digit -> digit >= 5);
        Map<String, Double> percent = new LinkedHashMap<>();
        try (FishMask training = new FishMask(folder, digits.test().withLabels(digit -> digit >= 5))) {
            percent.put("nothing", training.train("base", digits.training().withLabels(digit -> digit < 5), steps));
            percent.put("everything", training.train("tuned", fresh, steps));
            try (FisherFile file = FisherFile.open(folder.resolve("tuned" + Squisher.SUFFIX))) {
                NamedFisher tuned = new NamedFisher("tuned", file.diagonal());
                for (Scoring scoring : List.of(new FisherScoring(tuned), RandomScoring.ofShapes(tuned.diagonal(), 1))) {
                    training.squisher.restore(training.session, folder.resolve("base"));
                    training.masked.freeze(
                            training.session,
                            io.squisher.apps.mask.FishMask.plan(tuned.diagonal(), scoring, KEEP)
                                    .masks());
                    percent.put("2 % by " + scoring.name(), training.train(scoring.name(), fresh, steps));
                }
            }
        }
        return percent;
    }

    /** Trains from where it stands, saves under a name, and returns the accuracy on the new digits. */
    private double train(String name, Digits images, int steps) {
        var batches = images.batches(BATCH, 1);
        for (int i = 0; i < steps; i++) {
            network.step(session, masked.train(), batches.next(), Digits.ALL);
        }
        squisher.datasetSize(images.size()).save(session, folder.resolve(name));
        Path model = folder.resolve(name + ".onnx");
        network.export(session, model);
        return Accuracy.of(model, test);
    }

    @Override
    public void close() {
        session.close();
        network.close();
    }
}
