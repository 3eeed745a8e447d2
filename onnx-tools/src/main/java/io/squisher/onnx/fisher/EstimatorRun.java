package io.squisher.onnx.fisher;

import io.squisher.proto.Sums;

/** One run of an estimator over the examples of its request: pieces, saving, and the end. */
final class EstimatorRun {
    /** Pieces that a run is divided into: enough to know a standard error to a tenth. */
    private static final int PIECES = 64;

    /** As many pieces are wanted of little data, for which batches are made smaller. */
    private static final int FEW_PIECES = 16;

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
        this.batch = batch();
    }

    /** What was planned, or a smaller power of two that makes some pieces; what the user chose is kept. */
    private int batch() {
        if (plan.isBatchChosen()) {
            return plan.batchSize();
        }
        long few = Math.max(1, count / FEW_PIECES);
        return (int) Math.min(plan.batchSize(), Long.highestOneBit(few));
    }

    /** Examples of a piece: a batch where the run may end after any. */
    private long piece() {
        return settings.until().isPresent() ? batch : batch * ((count - 1) / ((long) batch * PIECES) + 1);
    }

    /** Runs, and gives the sums. */
    FisherSums sums() {
        listener.started(count, plan.passes(), plan.paths());
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
        return settings.until().isPresent() && new StoppingRule(settings.until().getAsDouble()).holds(estimator);
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
