package io.squisher.fisher;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import io.squisher.proto.OptimizerGroup;
import io.squisher.proto.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a consumer multiplies an accumulator with. An accumulator holds squares of gradients of a minibatch's mean (or
 * sum) loss; with B examples in a minibatch, N in the data set, and v̂ the bias-corrected average for a mean loss:
 *
 * <ul>
 *   <li>{@code none}: v̂;
 *   <li>{@code batch}: B·v̂, which estimates the mean empirical Fisher near convergence;
 *   <li>{@code dataset}: N·v̂, the paper's start for EWC (Li et al. 2025);
 *   <li>a number s: s·v̂.
 * </ul>
 *
 * <p>For a loss summed over the batch, v is first divided by B², and for a loss times s by s². A running sum (AdaGrad) is first divided by the number of
 * steps. A Fisher that was computed is a mean already, or is made one where it holds a sum, and has no other scale; a
 * diagonal of unknown kind is taken as it is, times a given number.
 */
public final class FisherScale {
    /** v̂ itself. */
    public static final FisherScale NONE = new FisherScale(Rule.NONE, 1);

    /** B·v̂, an error where B is unknown. */
    public static final FisherScale BATCH = new FisherScale(Rule.BATCH, 1);

    /** N·v̂, an error where N is unknown. */
    public static final FisherScale DATASET = new FisherScale(Rule.DATASET, 1);

    /** B·v̂ where B is known, else v̂: what the applications do unless told otherwise. */
    public static final FisherScale BATCH_IF_KNOWN = new FisherScale(Rule.BATCH_IF_KNOWN, 1);

    /** After as many, no diagonal held what a model had learnt. */
    private static final int FEW_STEPS = 20;

    private static final String PAGE = "docs/when-it-works.md";

    private enum Rule {
        NONE,
        BATCH,
        DATASET,
        BATCH_IF_KNOWN,
        NUMBER
    }

    private final Rule rule;
    private final double number;

    private FisherScale(Rule rule, double number) {
        this.rule = rule;
        this.number = number;
    }

    /**
     * s·v̂.
     *
     * @throws SquisherException if {@code number} is not above 0 and finite
     */
    public static FisherScale of(double number) {
        if (!(number > 0) || Double.isInfinite(number)) {
            throw new SquisherException("a scale is a number above 0, not " + number);
        }
        return new FisherScale(Rule.NUMBER, number);
    }

    /**
     * Reads {@code none}, {@code batch}, {@code dataset} or a number.
     *
     * @throws SquisherException for anything else
     */
    public static FisherScale parse(String text) {
        return switch (text) {
            case "none" -> NONE;
            case "batch" -> BATCH;
            case "dataset" -> DATASET;
            default -> {
                try {
                    yield of(Double.parseDouble(text));
                } catch (NumberFormatException e) {
                    throw new SquisherException(
                            "a scale is none, batch, dataset or a number above 0, not '" + text + "'", e);
                }
            }
        };
    }

    /**
     * The rescaling for a diagonal.
     *
     * @param label the file, for messages
     * @throws SquisherException if the scale needs a count that the provenance lacks, or the diagonal is no Fisher
     */
    public Rescaling rescaling(Provenance provenance, String label) {
        return switch (provenance.getKind()) {
            case ACCUMULATOR -> forAccumulators(provenance, label);
            case KIND_UNSPECIFIED, UNRECOGNIZED -> forUnknown(label);
            case ABSOLUTE ->
                throw new SquisherException(
                        "'" + label + "' holds means of absolute gradients, which are no Fisher: masks"
                                + " take them, nothing else does");
            case EMPIRICAL, EXACT, SAMPLED, JOINT, COMBINED -> forComputed(provenance, label);
        };
    }

    private Rescaling forUnknown(String label) {
        String warning = "'" + label + "' does not say what kind of Fisher it holds; it is taken as it is";
        boolean given = rule == Rule.NUMBER;
        return Rescaling.uniform(
                new Correction(0, number),
                !given,
                given ? "times " + number : "as stored",
                given ? List.of() : List.of(warning));
    }

    private static Rescaling forComputed(Provenance provenance, String label) {
        double applied = provenance.hasAppliedScale() ? provenance.getAppliedScale() : 1;
        if (provenance.getReduction() != Provenance.Reduction.SUM) {
            return Rescaling.uniform(new Correction(0, 1 / applied), false, "as stored", List.of());
        }
        if (provenance.getExampleCount() > 0) {
            double factor = 1 / applied / provenance.getExampleCount();
            return Rescaling.uniform(
                    new Correction(0, factor),
                    false,
                    "divided by " + Counted.of(provenance.getExampleCount(), "example"),
                    List.of());
        }
        String warning = "'" + label + "' holds a sum over an unknown number of examples; it is taken as it is";
        return Rescaling.uniform(new Correction(0, 1 / applied), true, "as stored", List.of(warning));
    }

    private Rescaling forAccumulators(Provenance provenance, String label) {
        double applied = provenance.hasAppliedScale() ? provenance.getAppliedScale() : 1;
        if (provenance.getOptimizerGroupsCount() == 0) {
            return forAccumulator(provenance.getAccumulator(), applied, label, "'" + label + "'");
        }
        Map<String, Correction> byTensor = new HashMap<>();
        List<String> words = new ArrayList<>();
        Set<String> warnings = new LinkedHashSet<>();
        boolean unknown = false;
        for (OptimizerGroup group : provenance.getOptimizerGroupsList()) {
            Rescaling one = forAccumulator(group.getAccumulator(), applied, label, source(group, label));
            group.getTensorsList()
                    .forEach(tensor -> byTensor.put(tensor, one.common().orElseThrow()));
            words.add(group.getAccumulator().getOptimizer() + ": " + one.description());
            warnings.addAll(one.warnings());
            unknown |= one.scaleUnknown();
        }
        return new Rescaling(byTensor, Optional.empty(), unknown, String.join("; ", words), List.copyOf(warnings));
    }

    private static String source(OptimizerGroup group, String label) {
        return "'" + label + "' (" + OptimizerGroups.describe(group) + ")";
    }

    /**
     * The rescaling of one optimizer's accumulators.
     *
     * @param source how messages call them
     */
    private Rescaling forAccumulator(Accumulator accumulator, double applied, String label, String source) {
        List<String> warnings = new ArrayList<>();
        AccumulatorAverage average = AccumulatorAverage.of(accumulator, source, warnings);
        shortTraining(accumulator, source).ifPresent(warnings::add);
        if (accumulator.getFactored()) {
            warnings.add(source
                    + " is FACTORED: within a matrix it is a product of averages over rows and over columns, so that"
                    + " single entries are estimates of rank one");
        }
        long batch = accumulator.getBatchSize();
        boolean sum = accumulator.getLossReduction() == Provenance.Reduction.SUM;
        if (sum && batch <= 0 && rule != Rule.NONE && rule != Rule.BATCH_IF_KNOWN) {
            throw unknown(label, "batch size", "its loss is a sum over the batch");
        }
        double toMeanLoss = sum && batch > 0 ? 1.0 / batch / batch : 1;
        double lossScale = lossScale(accumulator, source);
        double scale = scale(accumulator, label, warnings);
        String words = this + " scale " + plain(scale) + ", " + average.words() + (sum ? ", from a summed loss" : "")
                + (lossScale == 1 ? "" : ", from a loss times " + plain(lossScale));
        return Rescaling.uniform(
                new Correction(
                        average.offset() * applied,
                        average.factor() * toMeanLoss / lossScale / lossScale * scale / applied),
                batch <= 0 && rule == Rule.BATCH_IF_KNOWN || average.unknown(),
                words,
                warnings);
    }

    private static double lossScale(Accumulator accumulator, String source) {
        double scale = accumulator.hasLossScale() ? accumulator.getLossScale() : 1;
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new SquisherException(
                    source + " was made under a loss scale of " + scale + "; a loss scale is a number above 0");
        }
        return scale;
    }

    private double scale(Accumulator accumulator, String label, List<String> warnings) {
        long batch = accumulator.getBatchSize();
        long dataset = accumulator.getDatasetSize();
        return switch (rule) {
            case NONE -> 1;
            case NUMBER -> number;
            case BATCH -> {
                if (batch <= 0) {
                    throw unknown(label, "batch size", "--scale batch needs it");
                }
                yield batch;
            }
            case DATASET -> {
                if (dataset <= 0) {
                    throw unknown(label, "data set size", "--scale dataset needs it");
                }
                yield dataset;
            }
            case BATCH_IF_KNOWN -> {
                if (batch <= 0) {
                    warnings.add("'" + label + "' does not say its batch size, so it is not brought to the scale of the"
                            + " Fisher; --scale with a number does so");
                }
                yield Math.max(1, batch);
            }
        };
    }

    private static SquisherException unknown(String label, String what, String why) {
        return new SquisherException("'" + label + "' does not say its " + what + ", and " + why
                + "; give the scale as a number, or --scale none");
    }

    /**
     * Warnings where training was shorter than the memory of an average, or had hardly begun, for each optimizer: then the
     * accumulator may be a poor Fisher.
     */
    public static List<String> warnOfShortTraining(Provenance provenance, String label) {
        boolean several = provenance.getOptimizerGroupsCount() > 1;
        return OptimizerGroups.of(provenance).stream()
                .map(group -> shortTraining(group.getAccumulator(), several ? source(group, label) : "'" + label + "'"))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> shortTraining(Accumulator accumulator, String source) {
        if (!accumulator.hasStep()) {
            return Optional.empty();
        }
        String stems = source + " stems from " + Counted.of(accumulator.getStep(), "step");
        double memory = accumulator.hasDecay() ? 1 / (1 - accumulator.getDecay()) : 0;
        if (accumulator.getStep() < memory * (1 - 1e-6)) {
            return Optional.of(stems + ", fewer than the "
                    + Math.round(memory) + " over which its accumulator averages (1/(1-"
                    + DecayText.of(accumulator.getDecay())
                    + ")), so that the first ones still count; it may be a poor Fisher (" + PAGE + ")");
        }
        return accumulator.getStep() >= FEW_STEPS
                ? Optional.empty()
                : Optional.of(stems + "; after fewer than " + FEW_STEPS
                        + " a model has learnt little that a Fisher could tell (" + PAGE + ")");
    }

    private static String plain(double value) {
        return value == Math.rint(value) && value < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }

    /** {@code none}, {@code batch}, {@code dataset} or the number. */
    @Override
    public String toString() {
        return switch (rule) {
            case NUMBER -> plain(number);
            case BATCH_IF_KNOWN -> "batch";
            default -> rule.name().toLowerCase(Locale.ROOT);
        };
    }
}
