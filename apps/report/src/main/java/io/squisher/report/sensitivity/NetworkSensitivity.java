package io.squisher.report.sensitivity;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a pass keeps of a network.
 *
 * @param layers the parameters, in the diagonal's order
 * @param units rankings of units
 * @param pairs both diagonals' entries; empty where there is one diagonal
 */
public record NetworkSensitivity(
        List<LayerSensitivity> layers, List<UnitRanking> units, Optional<JointHistogram> pairs) {
    public NetworkSensitivity {
        layers = List.copyOf(layers);
        units = List.copyOf(units);
    }

    /** The sum of all sensitivities. */
    public double sum() {
        return layers.stream().mapToDouble(LayerSensitivity::sum).sum();
    }

    public long elements() {
        return layers.stream().mapToLong(layer -> layer.shape().size()).sum();
    }

    /** All layers' histograms as one. */
    public LogHistogram entries() {
        return joined(layer -> Optional.of(layer.entries()));
    }

    /** All layers' ½ F θ² as one; counts only the layers whose weights are known. */
    public LogHistogram lossRise() {
        return joined(LayerSensitivity::lossRise);
    }

    private LogHistogram joined(Function<LayerSensitivity, Optional<LogHistogram>> part) {
        LogHistogram all = new LogHistogram();
        layers.stream().map(part).flatMap(Optional::stream).forEach(all::addAll);
        return all;
    }
}
