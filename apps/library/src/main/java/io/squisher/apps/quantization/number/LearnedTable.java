package io.squisher.apps.quantization.number;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;

/**
 * A table of 2^b values for each channel, which its weights choose from (SqueezeLLM: Kim et al. 2024, section 4.1): the centres
 * that make Σ F (w − c)² of a channel least, so the Fisher decides where values are dense. The centres are the best that there
 * are, not those that a random start leads to ({@link WeightedClusters}).
 *
 * @param bits of a code, 1 to 8
 */
public record LearnedTable(int bits) implements NumberFormat {
    @Override
    public String word() {
        return "table" + bits;
    }

    @Override
    public List<Granularity> granularities() {
        return List.of(Granularity.CHANNEL);
    }

    /** How many values a channel has. */
    public int entries() {
        return 1 << bits;
    }

    /**
     * The tables of a tensor.
     *
     * @param importance what a squared error counts, for each weight; where it is 0 in a whole channel, all weights count alike
     * @param channelAxis where channels are counted
     */
    Fitted fit(Tensor weights, Tensor importance, int channelAxis) {
        ElementType type = Scales.typeFor(weights.type());
        Slots slots = Slots.channels(weights.shape(), channelAxis);
        double[][] tables = new double[slots.count()][];
        Channels.of(weights, importance, channelAxis).forEach((channel, values, weightings) -> {
            double[] centres = WeightedClusters.centres(values, weightings, entries());
            double[] table = new double[entries()];
            for (int i = 0; i < table.length; i++) {
                // Fewer centres than entries: the last stands in the others' places, and no code needs them.
                table[i] = type.round(centres[Math.min(i, centres.length - 1)]);
            }
            tables[channel] = table;
        });
        return new Fitted.Table(this, slots, type, tables);
    }

    /** Bits of a tensor of this shape: codes and tables. */
    long bits(Shape shape, ElementType weights, int channelAxis) {
        long tables = shape.dim(channelAxis) * entries();
        return shape.size() * bits + tables * 8 * Scales.typeFor(weights).bytes();
    }
}
