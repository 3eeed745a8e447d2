package io.squisher.apps.quantization.number;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tensor may be stored as: a format, and which weights share a scale or a table.
 *
 * @param granularity empty for a format that keeps nothing beside the codes
 */
public record Candidate(NumberFormat format, Optional<Granularity> granularity) {
    /** A tensor as it is. */
    public static final Candidate STORED = new Candidate(new StoredFormat(), Optional.empty());

    /** All formats; one more is one more row. */
    private static final List<NumberFormat> FORMATS = List.of(
            new IntegerFormat(8, false),
            new IntegerFormat(8, true),
            new IntegerFormat(4, false),
            new IntegerFormat(4, true),
            SmallFloat.E4M3,
            SmallFloat.E5M2,
            new NormalFloat(),
            HalfFloat.FP16,
            HalfFloat.BF16,
            new LearnedTable(4),
            new LearnedTable(3));

    private static final Map<String, Candidate> BY_NAME = byName();

    private static Map<String, Candidate> byName() {
        Map<String, Candidate> all = new LinkedHashMap<>();
        all.put(STORED.name(), STORED);
        for (NumberFormat format : FORMATS) {
            List<Optional<Granularity>> choices = new ArrayList<>();
            format.granularities().forEach(granularity -> choices.add(Optional.of(granularity)));
            if (choices.isEmpty()) {
                choices.add(Optional.empty());
            }
            for (Optional<Granularity> granularity : choices) {
                Candidate candidate = new Candidate(format, granularity);
                all.put(candidate.name(), candidate);
            }
        }
        return all;
    }

    /** All candidates, {@link #STORED} first. */
    public static List<Candidate> all() {
        return List.copyOf(BY_NAME.values());
    }

    /** All but tables, which take longer to fit than all others together. */
    public static List<Candidate> usual() {
        return all().stream()
                .filter(candidate -> !(candidate.format instanceof LearnedTable))
                .toList();
    }

    /**
     * The candidate of this name, such as {@code int4-asymmetric-group64}.
     *
     * @throws SquisherException if there is none
     */
    public static Candidate of(String name) {
        Candidate candidate = BY_NAME.get(name);
        if (candidate == null) {
            throw new SquisherException("there is no number format '" + name + "'; there are "
                    + String.join(", ", BY_NAME.keySet())
                    + Suggestions.didYouMean(name, BY_NAME.keySet()));
        }
        return candidate;
    }

    /** Its name on the command line and in plans. */
    public String name() {
        return format.word() + granularity.map(shared -> "-" + shared.word()).orElse("");
    }

    /** Bits of a tensor in this format: codes, and scales, zero points or tables. */
    public long bits(Shape shape, ElementType type, int channelAxis) {
        if (format instanceof LearnedTable table) {
            return table.bits(shape, type, channelAxis);
        }
        if (format instanceof ScaledFormat scaled) {
            long slots = Slots.of(granularity.orElseThrow(), shape, channelAxis).count();
            long beside = 8L * Scales.typeFor(type).bytes() + scaled.zeroPointBits();
            return shape.size() * scaled.bits() + slots * beside;
        }
        return shape.size() * (format instanceof HalfFloat ? 16 : 8L * type.bytes());
    }

    /**
     * Fits the format to a tensor, in one pass for scales and in a few for tables.
     *
     * @param weights finite
     * @param importance what squared errors count, for tables; not read by others
     * @param channelAxis where output channels are counted
     */
    public Fitted fit(Tensor weights, Tensor importance, int channelAxis) {
        if (format instanceof LearnedTable table) {
            return table.fit(weights, importance, channelAxis);
        }
        if (format instanceof ScaledFormat scaled) {
            Slots slots = Slots.of(granularity.orElseThrow(), weights.shape(), channelAxis);
            return new Fitted.Scaled(scaled, slots, Scales.of(scaled, SlotRanges.of(weights, slots), weights.type()));
        }
        return format instanceof HalfFloat half ? new Fitted.Half(half) : new Fitted.Stored();
    }

    @Override
    public String toString() {
        return name();
    }
}
