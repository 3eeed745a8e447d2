package io.squisher.examples.reproduce.setting;

import io.squisher.apps.compare.Agreement;
import io.squisher.apps.compare.Comparison;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.tensor.Tensor;
import io.squisher.tf.checkpoint.Squisher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A trained model on disk: the ONNX graph of its task's logits, and its diagonals by {@link Methods name}.
 *
 * @param diagonals Fisher files, those of {@link Methods} that were computed
 * @param images how many it was trained on
 */
public record SavedModel(
        Path model, Map<String, Path> diagonals, int images, List<LayerAgreement> layers, DiagonalCost cost) {
    /** One thread, so that runs can go side by side and sums have one order. */
    private static final RuntimeSettings ONE_THREAD = new RuntimeSettings(new Device.Cpu(), 1, notice -> {});

    private static final Likelihood LIKELIHOOD = new Likelihood.Categorical(-1);
    private static final double TOP = 0.1;
    private static final double NANO = 1e-9;

    /**
     * How the Fishers are computed.
     *
     * @param most examples at most, the first ones of the training set
     * @param exact whether the exact Fisher is computed as well
     */
    public record FisherSettings(int most, boolean exact) {
        public LabelledImages examples(LabelledImages images) {
            int count = Math.min(most, images.size());
            return images.at(java.util.stream.IntStream.range(0, count).toArray());
        }
    }

    /**
     * Saves a network with its Squisher and its Fishers.
     *
     * @param stem where, and the start of the files' names
     * @param images the training images, in no certain order
     */
    public static SavedModel save(
            TrainedNetwork trained, LabelledImages images, float[] offsets, FisherSettings settings, Path stem) {
        Path model = sibling(stem, ".onnx");
        trained.exportTask(model);
        trained.save(stem);
        Map<String, Path> diagonals = new LinkedHashMap<>();
        LabelledImages examples = settings.examples(images);
        diagonals.put(Methods.FISHER, sibling(stem, ".fisher.safetensors"));
        double fisher = fisher(model, examples, offsets, new FisherKind.Empirical(), diagonals.get(Methods.FISHER));
        double exact = Double.NaN;
        if (settings.exact()) {
            diagonals.put(Methods.EXACT, sibling(stem, ".exact.safetensors"));
            exact = fisher(model, examples, offsets, new FisherKind.Exact(), diagonals.get(Methods.EXACT));
        }
        diagonals.put(Methods.SQUISHER, Squisher.fileFor(stem));
        return described(model, diagonals, images.size(), new double[] {fisher, exact}, examples.size());
    }

    private static SavedModel described(
            Path model, Map<String, Path> diagonals, int images, double[] seconds, int examples) {
        double loading = seconds(() -> load(diagonals.get(Methods.SQUISHER)));
        try (OpenFiles files = new OpenFiles()) {
            long parameters = files.fisher(diagonals.get(Methods.FISHER)).diagonal().tensors().values().stream()
                    .mapToLong(Tensor::size)
                    .sum();
            DiagonalCost cost = new DiagonalCost(seconds[0], examples, seconds[1], loading, parameters);
            List<LayerAgreement> layers = agreement(diagonals.get(Methods.FISHER), diagonals.get(Methods.SQUISHER));
            return new SavedModel(model, diagonals, images, layers, cost);
        }
    }

    /** How an accumulator agrees with a Fisher, tensor by tensor; the last row is of {@link LayerAgreement#ALL} together. */
    public static List<LayerAgreement> agreement(Path fisherFile, Path squisherFile) {
        try (OpenFiles files = new OpenFiles()) {
            var fisher = files.fisher(fisherFile).diagonal();
            var squisher = files.fisher(squisherFile).diagonal();
            double factor = FisherScale.BATCH_IF_KNOWN
                    .rescaling(squisher.provenance(), "the accumulator")
                    .factor();
            Comparison comparison = Comparison.of(fisher.tensors(), squisher.tensors(), TOP);
            List<LayerAgreement> layers = new ArrayList<>();
            comparison.tensors().forEach((name, agreement) -> layers.add(layer(name, agreement, factor)));
            layers.add(layer(LayerAgreement.ALL, comparison.overall(), factor));
            return layers;
        }
    }

    private static LayerAgreement layer(String name, Agreement agreement, double factor) {
        return new LayerAgreement(name, agreement.spearman(), agreement.topOverlap(), agreement.scaleRatio() * factor);
    }

    private static Path sibling(Path stem, String suffix) {
        return stem.resolveSibling(stem.getFileName() + suffix);
    }

    /** Computes a Fisher into a file; returns the seconds. */
    public static double fisher(Path model, LabelledImages images, float[] offsets, FisherKind kind, Path target) {
        return seconds(() -> {
            FisherRequest request = FisherRequest.of(
                            OnnxFile.read(model), images.toExamples("training images", offsets), LIKELIHOOD, kind)
                    .withRuntime(ONE_THREAD);
            try (FisherEstimator estimator = new FisherEstimator(request)) {
                FisherFile.write(target, estimator.run(FisherListener.SILENT));
            }
        });
    }

    private static void load(Path squisher) {
        try (FisherFile file = FisherFile.open(squisher)) {
            file.diagonal().tensors().values().forEach(tensor -> tensor.toFloats());
        }
    }

    /** Share of images that a model of task logits tells right under its task's offsets, percent. */
    public static double accuracy(Path model, LabelledImages images, float... offsets) {
        Evaluation evaluation = new Evaluation(
                OnnxFile.read(model),
                images.toExamples("held-out images", offsets),
                "labels",
                Optional.empty(),
                false,
                LIKELIHOOD,
                OptionalInt.empty(),
                ONE_THREAD);
        return 100 * evaluation.run().value();
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * NANO;
    }
}
