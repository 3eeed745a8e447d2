package io.squisher.apps.cli.command.inspect;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Values;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.fisher.DecayText;
import io.squisher.fisher.FisherFile;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code inspect} shows of a file, be it weights, a Fisher, or a training checkpoint in one file or several.
 *
 * @param roles the role of a tensor by name, in words
 */
record InspectedFile(
        String format,
        Map<String, String> metadata,
        Map<String, Tensor> tensors,
        Function<String, String> roles,
        List<AutoCloseable> open)
        implements AutoCloseable {
    static InspectedFile open(Path path) {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            return read(path, open);
        } catch (RuntimeException e) {
            closeAll(open);
            throw e;
        }
    }

    private static InspectedFile read(Path path, List<AutoCloseable> open) {
        Map<String, String> metadata = new LinkedHashMap<>();
        Checkpoint checkpoint = null;
        if (CheckpointFormats.recognises(path)) {
            checkpoint = CheckpointFormats.open(path);
            open.add(checkpoint);
            metadata.put("optimizer", optimizer(checkpoint));
        }
        // A checkpoint in several files has no weight format of its own.
        if (checkpoint == null || Files.isRegularFile(path)) {
            WeightSource source = WeightFormats.open(path);
            open.add(source);
            metadata.putAll(source.metadata());
            leftOut(source, metadata);
            return new InspectedFile(source.format().name(), metadata, tensors(source), roles(path, source), open);
        }
        if (checkpoint.weights().isPresent()) {
            WeightSource weights = checkpoint.weights().get();
            leftOut(weights, metadata);
            return new InspectedFile(checkpoint.format(), metadata, tensors(weights), roles(path, weights), open);
        }
        Map<String, Tensor> accumulators = new LinkedHashMap<>();
        checkpoint.optimizer().slots().forEach(slot -> slot.accumulator()
                .ifPresent(tensor -> accumulators.put(slot.name().orElse(slot.key()), tensor)));
        return new InspectedFile(checkpoint.format(), metadata, accumulators, name -> "accumulator", open);
    }

    private static void leftOut(WeightSource source, Map<String, String> metadata) {
        if (!source.unread().isEmpty()) {
            metadata.put("left out, since they cannot be read", OpenModels.unread(source));
        }
    }

    private static Map<String, Tensor> tensors(WeightSource source) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        source.names().forEach(name -> tensors.put(name, source.tensor(name)));
        return tensors;
    }

    /** A Fisher file knows the roles of its tensors better than its format does. */
    private static Function<String, String> roles(Path path, WeightSource source) {
        if (!source.metadata().containsKey(FisherFile.PROVENANCE_KEY)) {
            return name -> Values.spellConstant(source.role(name));
        }
        try (FisherFile fisher = FisherFile.open(path)) {
            return name -> Values.spellConstant(fisher.diagonal().role(name));
        }
    }

    private static String optimizer(Checkpoint checkpoint) {
        try {
            OptimizerState state = checkpoint.optimizer();
            Accumulator facts = state.facts();
            return facts.getOptimizer() + " (" + facts.getSlot() + ")"
                    + (facts.hasDecay() ? ", decay " + DecayText.of(facts.getDecay()) : "")
                    + (facts.hasStep() ? ", step " + facts.getStep() : ", step unknown") + ", "
                    + Counted.of(state.slots().size(), "parameter")
                    + (state.isNamed() ? " by name" : " by number");
        } catch (SquisherException e) {
            // Not having one is no failure here: the file may hold weights alone.
            return "none that can be converted: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        closeAll(open);
    }

    private static void closeAll(List<AutoCloseable> open) {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new SquisherException("cannot close a file: " + e.getMessage(), e);
            }
        }
    }
}
