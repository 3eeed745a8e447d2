package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.onnx.fisher.labels.LabelOrder;
import io.squisher.proto.Sums;

/** One run of an estimator over the examples of its request: pieces, saving, and the end. */
final class EstimatorRun {
    /** Pieces that a run is divided into: enough to know a standard error to a tenth. */
    private static final int PIECES = 64;

    /** As many pieces are wanted of little data, for which batches are made smaller. */
    private static final int FEW_PIECES = 8;

    /** As many where the run may end early, after {@link StoppingRule#LEAST_PIECES} at least. */
    private static final int FEW_TO_END = 4 * StoppingRule.LEAST_PIECES;

    private final FisherEstimator estimator;
    private final FisherPlan plan;
    private final FisherListener listener;
    private final FisherRun settings;
    private final long count;
    private final int batch;

    EstimatorRun(FisherEstimator estimator, FisherListener listener, FisherRun settings) {
        this.estimator = estimator;
        this.plan = estimator.plan();
        this.listener = listener;
        this.settings = settings;
        this.count = plan.examples().count();
        if (settings.until().isPresent() && plan.kind() instanceof FisherKind.Joint) {
            throw new SquisherException(
                    "the joint Fisher is the square of one sum, which no number of examples makes more"
                            + " certain: a standard error to stop at goes with the other kinds");
        }
        this.batch = batch();
    }

    /** What was planned, or a smaller power of two that makes some pieces; what the user chose is kept. */
    private int batch() {
        if (plan.isBatchChosen()) {
            return plan.batchSize();
        }
        long few = Math.max(1, count / (settings.until().isPresent() ? FEW_TO_END : FEW_PIECES));
        return (int) Math.min(plan.batchSize(), Long.highestOneBit(few));
    }

    /** Examples of a piece: a batch where the run may end after any. */
    private long piece() {
        return settings.until().isPresent() ? batch : batch * ((count - 1) / ((long) batch * PIECES) + 1);
    }

    /** Runs, and gives the sums. */
    FisherSums sums() {
        listener.started(count, plan.passes(), plan.paths());
        if (settings.until().isPresent()
                && plan.data().labels().filter(LabelOrder::isInRuns).isPresent()) {
            plan.runtime()
                    .notices()
                    .accept(
                            "neighbours have the same label far too often, as if the examples were sorted: to end early takes"
                                    + " the first ones for a sample of all, so shuffle the data");
        }
        estimator.clear();
        long from = resumed();
        listener.progressed(from);
        long piece = piece();
        long saved = System.nanoTime();
        while (from < count && !isKnown()) {
            long start = from;
            long examples = Math.min(piece, count - from);
            estimator.add(plan.data(from, examples), batch, done -> listener.progressed(start + done));
            from += examples;
            saved = save(from, saved);
        }
        return ofShard(estimator.sums());
    }

    private long resumed() {
        return settings.partial()
                .flatMap(partial -> partial.load(plan))
                .map(sums -> {
                    estimator.restore(sums);
                    return sums.count();
                })
                .orElse(0L);
    }

    private long save(long from, long saved) {
        long now = System.nanoTime();
        boolean due = settings.partial().isPresent() && from < count && now - saved > settings.saveEvery();
        if (!due) {
            return saved;
        }
        settings.partial().get().save(plan, estimator.passingSums());
        return System.nanoTime();
    }

    private boolean isKnown() {
        return settings.until().isPresent()
                && new StoppingRule(settings.until().getAsDouble()).holds(estimator.samplingError());
    }

    private FisherSums ofShard(FisherSums sums) {
        if (settings.shard().isEmpty()) {
            return sums;
        }
        Sums header = sums.header().toBuilder()
                .addShards(settings.shard().get().toProto())
                .build();
        return FisherSums.of(header, sums.tensors());
    }
}
