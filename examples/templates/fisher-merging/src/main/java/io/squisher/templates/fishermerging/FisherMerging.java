package io.squisher.templates.fishermerging;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
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
import java.util.Set;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;

/**
 * Fisher merging (Matena and Raffel 2022) with Squishers: from one network, two are fine-tuned on five digits each, and become
 * one that knows all ten. Baseline: the average.
 */
public final class FisherMerging {
    private static final int HIDDEN = 128;
    private static final int BATCH = 32;

    /** Squishers of models that were trained differently long differ in size, which says nothing on the models' worth. */
    private static final FisherMergeOptions OPTIONS = new FisherMergeOptions(
            Floor.NONE, FisherMergeOptions.DEFAULT_FLOOR, Normalization.L2, FisherScale.BATCH_IF_KNOWN);

    private FisherMerging() {}

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "fisher-merging"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
        run(folder, steps).forEach((model, percent) -> System.out.printf("%-8s %5.1f %%%n", model, percent));
    }

    /** Percent of test images of all ten digits that each model tells right. */
    static Map<String, Double> run(Path folder, int steps) {
        Digits digits = Digits.load();
        train(folder.resolve("base"), digits, Digits.ALL, Network.random(1), 10);
        try (WeightSource base = WeightFormats.open(folder.resolve("base.onnx"))) {
            Network.Start start = (name, shape, inputs) -> base.tensor(name).toFloats();
            train(folder.resolve("a"), digits, Set.of(0, 1, 2, 3, 4), start, steps);
            train(folder.resolve("b"), digits, Set.of(5, 6, 7, 8, 9), start, steps);
        }
        merge(folder, new AverageMethod(), "average.onnx");
        merge(folder, new FisherMethod(OPTIONS), "merged.onnx");
        Map<String, Double> percent = new LinkedHashMap<>();
        for (String model : List.of("base", "a", "b", "average", "merged")) {
            Path file = folder.resolve(model + ".onnx");
            percent.put(model, Accuracy.of(file, digits.test()));
        }
        return percent;
    }

    /** Trains on some of the digits, and saves the Squisher and the model. */
    private static void train(Path prefix, Digits digits, Set<Integer> own, Network.Start start, int steps) {
        Digits images = digits.training().withLabels(own::contains);
        try (Network network = new Network(start, HIDDEN);
                Session session = new Session(network.graph())) {
            Op step = new Adam(network.graph(), 3e-3f).minimize(network.loss());
            Squisher squisher =
                    Squisher.attach(network.graph()).batchSize(BATCH).datasetSize(images.size());
            session.initialize();
            var batches = images.batches(BATCH, 1);
            for (int i = 0; i < steps; i++) {
                network.step(session, step, batches.next(), own);
            }
            squisher.save(session, prefix);
            Path model = prefix.resolveSibling(prefix.getFileName() + ".onnx");
            network.export(session, model);
        }
    }

    private static void merge(Path folder, MergeMethod method, String target) {
        try (WeightSource a = WeightFormats.open(folder.resolve("a.onnx"));
                WeightSource b = WeightFormats.open(folder.resolve("b.onnx"));
                FisherFile squisherA = FisherFile.open(folder.resolve("a.squisher.safetensors"));
                FisherFile squisherB = FisherFile.open(folder.resolve("b.squisher.safetensors"))) {
            List<MergeInput> models = List.of(input(a, squisherA), input(b, squisherB));
            MergePlan plan = Merge.plan(models, method, MergeOptions.DEFAULT);
            a.format().write(folder.resolve(target), a, plan.tensors(), plan.metadata());
        }
    }

    private static MergeInput input(WeightSource model, FisherFile squisher) {
        return new MergeInput(model, Optional.of(new NamedFisher(squisher.path().toString(), squisher.diagonal())), 1);
    }
}
