package io.squisher.apps.cli.command.compare;

import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.Rescaling;
import io.squisher.format.WeightFormats;
import io.squisher.proto.Provenance;
import io.squisher.proto.SamplingError;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One of the two files that {@code compare} looks at: a Fisher, or weights of any format.
 *
 * @param provenance what a Fisher says of itself; of no kind for weights and for diagonals of other programs
 */
record ComparedFile(WeightSource source, Provenance provenance) implements AutoCloseable {
    static ComparedFile open(Path path) {
        WeightSource source = WeightFormats.open(path);
        try {
            String json = source.metadata().get(FisherFile.PROVENANCE_KEY);
            return new ComparedFile(
                    source, json == null ? Provenance.getDefaultInstance() : FisherFile.provenance(path, json));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The same under the names of {@code other}, as far as the rule for names has it. */
    ComparedFile matched(ComparedFile other, NameMatching matching) {
        WeightSource matched = matching.matched(other.source, source);
        if (matched == source) {
            return this;
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        source.names().forEach(name -> tensors.put(name, source.tensor(name)));
        String label = source.path().toString();
        FisherDiagonal renamed =
                matching.silent().matched(other.source, label, new FisherDiagonal(tensors, provenance));
        return new ComparedFile(matched, renamed.provenance());
    }

    /** Whether it says what kind of Fisher it is. */
    boolean saysItsKind() {
        return provenance.getKind() != Provenance.Kind.KIND_UNSPECIFIED;
    }

    /** The standard errors of its tensors, as far as it says them. */
    SamplingError samplingError() {
        return provenance.getSamplingError();
    }

    boolean isAccumulator() {
        return provenance.getKind() == Provenance.Kind.ACCUMULATOR;
    }

    /** How the numbers are taken: means of absolute gradients, weights and what says nothing are taken as stored. */
    Rescaling rescaling(FisherScale scale) {
        return !saysItsKind() || provenance.getKind() == Provenance.Kind.ABSOLUTE
                ? Rescaling.IDENTITY
                : scale.rescaling(provenance, source.path().toString());
    }

    /**
     * The tensors. A file that says it is a Fisher must be one, and so must what stands beside one: weights have no ratio to it.
     */
    Map<String, Tensor> tensorsBeside(ComparedFile other, Rescaling rescaling) {
        return tensors(rescaling, claimsToBeFisher() || other.claimsToBeFisher());
    }

    private boolean claimsToBeFisher() {
        return source.metadata().containsKey(FisherFile.PROVENANCE_KEY);
    }

    private Map<String, Tensor> tensors(Rescaling rescaling, boolean isFisher) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        source.names().forEach(name -> tensors.put(name, source.tensor(name)));
        if (!isFisher) {
            return tensors;
        }
        NamedFisher fisher = new NamedFisher(source.path().toString(), new FisherDiagonal(tensors, provenance));
        Sensitivity entries = new Sensitivity(fisher, rescaling);
        Map<String, Tensor> checked = new LinkedHashMap<>();
        tensors.keySet().forEach(name -> checked.put(name, entries.of(name)));
        return checked;
    }

    /** Ranks and angles of zeros are no numbers; only whether values agree can be asked of them. */
    void refuseZero() {
        if (claimsToBeFisher()) {
            FisherDiagonal stored =
                    new FisherDiagonal(tensors(Rescaling.IDENTITY, true), Provenance.getDefaultInstance());
            FisherContent.of(stored).refuseZero(source.path().toString());
        }
    }

    /** What it holds and how that is taken, for people. */
    String words(Rescaling rescaling) {
        String kind = provenance.getKind().name().toLowerCase(Locale.ROOT);
        String what =
                switch (provenance.getKind()) {
                    case ACCUMULATOR ->
                        "accumulator of " + provenance.getAccumulator().getOptimizer();
                    case KIND_UNSPECIFIED, UNRECOGNIZED -> "does not say what it holds";
                    case ABSOLUTE -> "mean absolute gradients";
                    default -> kind + " Fisher, a mean over examples";
                };
        return "'" + source.path() + "': " + what + ", " + rescaling.description();
    }

    @Override
    public void close() {
        source.close();
    }
}
