package io.squisher.apps.compress;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What ranks cost a layer.
 *
 * @param layer which one
 * @param inputs that it has
 * @param outputs that it has
 * @param losses by method, in ascending order of the rank, and the whole layer last; {@link CompressionMethod#UNIFORM} has those of
 *     {@link CompressionMethod#SVD}
 */
public record LayerLosses(LinearLayer layer, int inputs, int outputs, Map<CompressionMethod, List<RankLoss>> losses) {
    public LayerLosses {
        losses = new EnumMap<>(losses);
    }

    /** The matrix's name. */
    public String name() {
        return layer.name();
    }

    /** Weights of the whole layer. */
    public long weights() {
        return (long) inputs * outputs;
    }
}
