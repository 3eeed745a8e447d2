package io.squisher.tf.checkpoint;

import io.squisher.files.AtomicFile;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.SessionTensor;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.weights.ContentHash;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;

/**
 * All variables of a graph at one moment, read in one run: what a checkpoint and its accumulators are written from, so that
 * they cannot belong to different steps.
 */
final class Snapshot implements AutoCloseable {
    private final Map<String, Tensor> variables;
    private final Runnable release;

    private Snapshot(Map<String, ? extends Tensor> variables, Runnable release) {
        this.variables = new LinkedHashMap<>(variables);
        this.release = release;
    }

    /** Reads the variables where they lie; they follow the training if it goes on before {@link #close()}. */
    static Snapshot of(Session session) {
        List<GraphVariable> all = GraphVariable.all(session.graph());
        Result result = fetch(session, all);
        return new Snapshot(views(all, result), result::close);
    }

    /** Copies the variables, so that the training may go on; the copy is good until the buffers are used again. */
    static Snapshot copied(Session session, CopyBuffers buffers) {
        List<GraphVariable> all = GraphVariable.all(session.graph());
        try (Result result = fetch(session, all)) {
            return new Snapshot(buffers.copy(views(all, result)), () -> {});
        }
    }

    private static Result fetch(Session session, List<GraphVariable> variables) {
        return Given.fetch(session, variables);
    }

    private static Map<String, SessionTensor> views(List<GraphVariable> read, Result result) {
        Map<String, SessionTensor> views = new LinkedHashMap<>();
        for (int i = 0; i < read.size(); i++) {
            String name = read.get(i).name();
            views.put(name, SessionTensor.of("variable '" + name + "'", result.get(i)));
        }
        return views;
    }

    /** Writes the checkpoint {@code prefix.index} and its data. */
    void writeCheckpoint(Path prefix) {
        BundleWriter.write(prefix, variables);
    }

    /** Writes the checkpoint and the accumulators of {@code trained} beside it, under temporary names. */
    PreparedPair preparePair(Path prefix, List<TrainedVariable> trained, SaveFacts facts) {
        BundleWriter checkpoint = BundleWriter.prepare(prefix, variables);
        try {
            return new PreparedPair(checkpoint, prepareAccumulators(prefix, trained, facts, checkpoint));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private AtomicFile prepareAccumulators(
            Path prefix, List<TrainedVariable> trained, SaveFacts facts, BundleWriter checkpoint) {
        Map<String, Tensor> accumulators = new LinkedHashMap<>();
        for (TrainedVariable variable : trained) {
            accumulators.put(
                    variable.name(),
                    variables.get(variable.accumulator().variable().name()));
        }
        String hash = ContentHash.of(accumulators.keySet(), variables::get, checkpoint::checksum);
        FisherDiagonal diagonal = new FisherDiagonal(
                accumulators, Provenances.of(facts.training(), facts.optimizers(), facts.notes(), hash));
        EarlierAccumulators.check(Squisher.fileFor(prefix), diagonal, variables.keySet());
        return FisherFile.prepare(Squisher.fileFor(prefix), diagonal, facts.metadata());
    }

    /**
     * What a file of accumulators says beside the numbers.
     *
     * @param training what the loop told
     * @param optimizers what the graph told of each parameter's accumulator at the moment of the snapshot
     * @param notes what a reader of the file should know
     * @param metadata more entries for the file's metadata
     */
    record SaveFacts(
            TrainingFacts training,
            Map<String, Accumulator> optimizers,
            List<String> notes,
            Map<String, String> metadata) {}

    @Override
    public void close() {
        release.run();
    }
}
