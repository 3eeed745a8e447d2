package io.squisher.apps.convert;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.checkpoint.StartValue;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans conversions. The accumulators stay raw: bias correction and scale are the consumers' business. */
public final class Conversion {
    private Conversion() {}

    /**
     * Plans the conversion of {@code checkpoint}.
     *
     * @param model weights that give names where the checkpoint has none; its own weights are used otherwise
     * @throws SquisherException if there are no accumulators, or a name is in doubt
     */
    public static ConversionPlan plan(Checkpoint checkpoint, Optional<WeightSource> model, ConversionOptions options) {
        OptimizerState state = checkpoint.optimizer();
        Optional<WeightSource> weights = model.or(checkpoint::weights);
        List<String> notes = new ArrayList<>(state.notes());
        ConvertedNames names = new ConvertedNames(options.stripPrefix(), notes);
        Optional<Parameters> parameters = weights.map(Parameters::of)
                .map(all ->
                        options.names().map(list -> names.inOrderOf(list, all)).orElse(all));
        if (options.names().isPresent() && parameters.isEmpty()) {
            throw new SquisherException(
                    "a list of names needs the file of the model's weights with --model, to check" + " the shapes");
        }
        List<Pairing> pairings = names.of(Naming.of(state, parameters, options.assumeOrder()), state, parameters);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Accumulator> own = new LinkedHashMap<>();
        for (Pairing pairing : pairings) {
            own.put(pairing.parameter(), complete(state.factsOf(pairing.slot()), options));
            Tensor accumulator = pairing.slot().accumulator().orElseThrow();
            if (tensors.put(pairing.parameter(), widened(accumulator)) != null) {
                throw new SquisherException(
                        "'" + checkpoint.path() + "' has two accumulators for '" + pairing.parameter() + "'");
            }
        }
        Accumulator facts = complete(state.facts(), options);
        refuseStartValue(checkpoint, facts, tensors);
        refuseLargeBatch(options);
        weights.ifPresent(source -> source.aliases()
                .forEach((alias, name) ->
                        notes.add("'" + alias + "' is tied to '" + name + "', which stands for both")));
        Provenance.Builder provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setReduction(Provenance.Reduction.MEAN)
                .addSources(Source.newBuilder()
                        .setFile(
                                checkpoint.path().toAbsolutePath().getFileName().toString()))
                .setToolVersion(Version.text())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .addAllNotes(notes);
        OptimizerGroups.set(provenance, own);
        weights.flatMap(source -> hash(source, tensors, names)).ifPresent(provenance::setWeightsHash);
        FisherDiagonal diagonal = new FisherDiagonal(tensors, provenance.build());
        return new ConversionPlan(diagonal, pairings, notes, warnings(checkpoint, facts, diagonal));
    }

    private static void refuseStartValue(Checkpoint checkpoint, Accumulator facts, Map<String, Tensor> tensors) {
        StartValue.in(facts, tensors.values()).ifPresent(value -> {
            throw new SquisherException(
                    "cannot convert '" + checkpoint.path() + "': " + StartValue.sentence(facts, value));
        });
    }

    private static void refuseLargeBatch(ConversionOptions options) {
        if (options.batchSize().isPresent()
                && options.datasetSize().isPresent()
                && options.batchSize().get() > options.datasetSize().get()) {
            throw new SquisherException("a batch of "
                    + Counted.of(options.batchSize().get(), "example")
                    + " is larger than the data set of "
                    + options.datasetSize().get() + "; --batch-size counts the examples in one optimizer step, over all"
                    + " devices");
        }
    }

    private static Accumulator complete(Accumulator known, ConversionOptions options) {
        Accumulator.Builder facts = known.toBuilder();
        options.batchSize().ifPresent(facts::setBatchSize);
        options.datasetSize().ifPresent(facts::setDatasetSize);
        options.lossReduction().ifPresent(facts::setLossReduction);
        options.decay().ifPresent(facts::setDecay);
        options.step().ifPresent(step -> facts.setStep(step).setStepSource("caller"));
        return facts.build();
    }

    /** 16-bit values lose nothing in 32 bits, and consumers may then scale them without underflow. */
    private static Tensor widened(Tensor tensor) {
        if (tensor.type() == ElementType.F32 || tensor.type() == ElementType.F64) {
            return tensor;
        }
        return new ComputedTensor(
                new TensorSpec(ElementType.F32, tensor.shape()),
                List.of(tensor),
                (start, count, inputs, output) -> System.arraycopy(inputs[0], 0, output, 0, count));
    }

    private static Optional<String> hash(WeightSource weights, Map<String, Tensor> tensors, ConvertedNames names) {
        boolean same = tensors.entrySet().stream()
                .allMatch(entry -> weights.names().contains(names.inWeights(entry.getKey()))
                        && weights.tensor(names.inWeights(entry.getKey()))
                                .shape()
                                .equals(entry.getValue().shape()));
        return same
                ? Optional.of(ContentHash.of(tensors.keySet(), name -> weights.tensor(names.inWeights(name))))
                : Optional.empty();
    }

    private static List<String> warnings(Checkpoint checkpoint, Accumulator facts, FisherDiagonal diagonal) {
        String label = checkpoint.path().toString();
        List<String> warnings = new ArrayList<>();
        warnings.addAll(FisherScale.warnOfShortTraining(diagonal.provenance(), label));
        if (facts.getBatchSize() == 0) {
            warnings.add("the batch size is not known, so the result cannot be brought to the scale of a Fisher;"
                    + " give --batch-size (examples in one optimizer step, over all devices)");
        }
        if (!facts.hasStep() && !facts.getBiasCorrected()) {
            warnings.add("'" + label + "' does not say how many steps were made, so there will be no bias correction;"
                    + " give --step");
        }
        if (diagonal.provenance().getWeightsHash().isEmpty()) {
            warnings.add("no weights with these names were given, so the result cannot be checked against a model"
                    + " later; give --model");
        }
        return warnings;
    }
}
