package io.squisher.templates.pruning;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.MagnitudeScoring;
import io.squisher.apps.prune.Prune;
import io.squisher.apps.prune.PruneOptions;
import io.squisher.apps.prune.PrunePlan;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.weights.WeightSource;
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
 * Fisher pruning (Theis et al. 2018) with a Squisher: the parameters of smallest ½ F θ² become 0. Baselines: the smallest, and
 * random ones.
 */
public final class Pruning {
    private static final int HIDDEN = 64;
    private static final int BATCH = 32;

    private Pruning() {}

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "pruning"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        run(folder, steps).forEach((model, percent) -> System.out.printf("%-16s %5.1f %%%n", model, percent));
    }

    /** Percent of test images that the network tells right, whole and pruned. */
    static Map<String, Double> run(Path folder, int steps) {
        Digits digits = Digits.load();
        train(folder.resolve("model"), digits, steps);
        Map<String, Double> percent = new LinkedHashMap<>();
        percent.put("whole", Accuracy.of(folder.resolve("model.onnx"), digits.test()));
        try (WeightSource model = WeightFormats.open(folder.resolve("model.onnx"));
                FisherFile squisher = FisherFile.open(folder.resolve("model.squisher.safetensors"))) {
            NamedFisher named = new NamedFisher(squisher.path().toString(), squisher.diagonal());
            for (double sparsity : new double[] {0.5, 0.75, 0.9}) {
                for (Scoring scoring : List.of(
                        new LossRiseScoring(model, named),
                        new MagnitudeScoring(model),
                        RandomScoring.ofWeights(model, 1))) {
                    PruneOptions options = new PruneOptions(sparsity, Scope.GLOBAL, Optional.empty());
                    PrunePlan plan = Prune.plan(model, scoring, options);
                    Path target = folder.resolve("pruned.onnx");
                    model.format().write(target, model, plan.tensors(), plan.metadata());
                    percent.put(
                            scoring.name() + " " + sparsity,
                            Accuracy.of(target, digits.test()));
                }
            }
        }
        return percent;
    }

    private static void train(Path prefix, Digits digits, int steps) {
        Digits images = digits.training();
        try (Network network = new Network(Network.random(1), HIDDEN);
                Session session = new Session(network.graph())) {
            Op step = new Adam(network.graph(), 1e-3f).minimize(network.loss());
            Squisher squisher =
                    Squisher.attach(network.graph()).batchSize(BATCH).datasetSize(images.size());
            session.initialize();
            var batches = images.batches(BATCH, 1);
            for (int i = 0; i < steps; i++) {
                network.step(session, step, batches.next(), Digits.ALL);
            }
            squisher.save(session, prefix);
            Path model = prefix.resolveSibling(prefix.getFileName() + ".onnx");
            network.export(session, model);
        }
    }
}
