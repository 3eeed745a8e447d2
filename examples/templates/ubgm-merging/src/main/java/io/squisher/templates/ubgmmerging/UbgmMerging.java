package io.squisher.templates.ubgmmerging;

import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.plan.NamedFisher;
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
import java.util.function.IntPredicate;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;

/**
 * Merging by uncertainty-based gradient matching (Daheim et al. 2024) with Squishers: the base's counts as well, and the
 * models' weights are the sizes of their data sets. Baseline: the fine-tuned models themselves.
 */
public final class UbgmMerging {
    private static final int HIDDEN = 128;
    private static final int BATCH = 32;

    private UbgmMerging() {}

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "ubgm-merging"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
        run(folder, steps).forEach((model, percent) -> System.out.printf("%-8s %5.1f %%%n", model, percent));
    }

    /** Percent of test images of all ten digits that each model tells right. */
    static Map<String, Double> run(Path folder, int steps) {
        Digits digits = Digits.load();
        train(folder.resolve("base"), digits, digit -> true, Network.random(1), 60);
        try (WeightSource base = WeightFormats.open(folder.resolve("base.onnx"))) {
            Network.Start start = (name, shape, inputs) -> base.tensor(name).toFloats();
            train(folder.resolve("a"), digits, digit -> digit < 5, start, steps);
            train(folder.resolve("b"), digits, digit -> digit >= 5, start, steps);
        }
        merge(folder);
        Map<String, Double> percent = new LinkedHashMap<>();
        for (String model : List.of("base", "a", "b", "merged")) {
            Path file = folder.resolve(model + ".onnx");
            percent.put(model, Accuracy.of(file, digits.test()));
        }
        return percent;
    }

    /** Trains on some of the digits, and saves the Squisher and the model. */
    private static void train(Path prefix, Digits digits, IntPredicate own, Network.Start start, int steps) {
        Digits images = digits.training().withLabels(own);
        try (Network network = new Network(start, HIDDEN);
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

    private static void merge(Path folder) {
        try (Opened base = Opened.of(folder, "base");
                Opened a = Opened.of(folder, "a");
                Opened b = Opened.of(folder, "b")) {
            UbgmMethod method = new UbgmMethod(base.input(), UbgmOptions.PLAIN);
            MergePlan plan = Merge.plan(List.of(a.input(), b.input()), method, MergeOptions.DEFAULT);
            a.model.format().write(folder.resolve("merged.onnx"), a.model, plan.tensors(), plan.metadata());
        }
    }

    /** A model and its Squisher, open until the merged model is written. */
    private record Opened(WeightSource model, FisherFile squisher) implements AutoCloseable {
        static Opened of(Path folder, String name) {
            return new Opened(
                    WeightFormats.open(folder.resolve(name + ".onnx")),
                    FisherFile.open(folder.resolve(name + ".squisher.safetensors")));
        }

        MergeInput input() {
            long examples = squisher.diagonal().provenance().getAccumulator().getDatasetSize();
            NamedFisher named = new NamedFisher(squisher.path().toString(), squisher.diagonal());
            return new MergeInput(model, Optional.of(named), examples);
        }

        @Override
        public void close() {
            model.close();
            squisher.close();
        }
    }
}
