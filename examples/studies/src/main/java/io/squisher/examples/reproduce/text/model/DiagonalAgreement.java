package io.squisher.examples.reproduce.text.model;

import io.squisher.apps.compare.Agreement;
import io.squisher.apps.compare.Comparison;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a Squisher agrees with a Fisher over the weights of the layers.
 *
 * @param rankCorrelation Spearman's, −1 to 1
 * @param topOverlap share of the Fisher's largest tenth that is among the Squisher's, 0 to 1
 * @param ratio sum of the Squisher, B·v̂, over that of the Fisher
 */
public record DiagonalAgreement(double rankCorrelation, double topOverlap, double ratio) {
    private static final double TOP = 0.1;

    /** Numbers that are compared, about. */
    private static final int MOST = 1 << 19;

    /** Compares two files. */
    public static DiagonalAgreement of(Path fisher, Path squisher) {
        try (OpenFiles files = new OpenFiles()) {
            return of(files.fisher(fisher).diagonal(), files.fisher(squisher).diagonal());
        }
    }

    /** Compares two diagonals. */
    public static DiagonalAgreement of(FisherDiagonal fisher, FisherDiagonal squisher) {
        double factor = FisherScale.BATCH_IF_KNOWN
                .rescaling(squisher.provenance(), "the accumulator")
                .factor();
        Agreement all = Comparison.of(sampled(fisher), sampled(squisher), TOP).overall();
        return new DiagonalAgreement(all.spearman(), all.topOverlap(), all.scaleRatio() * factor);
    }

    /** Numbers at even distances over all layers: to sort ten million of each would take longer than to train. */
    private static Map<String, Tensor> sampled(FisherDiagonal diagonal) {
        Map<String, Tensor> layers = Bodies.ofLayers(diagonal.tensors());
        long all = layers.values().stream().mapToLong(Tensor::size).sum();
        int distance = Math.toIntExact(1 + all / MOST);
        float[] sample = new float[Math.toIntExact((all + distance - 1) / distance)];
        long at = 0;
        int count = 0;
        for (Tensor tensor : layers.values()) {
            for (float value : tensor.toFloats()) {
                if (at++ % distance == 0) {
                    sample[count++] = value;
                }
            }
        }
        return Map.of("layers", Tensor.of(Shape.of(sample.length), sample));
    }
}
