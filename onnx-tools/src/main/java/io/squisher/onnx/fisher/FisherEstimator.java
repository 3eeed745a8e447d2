package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.proto.SamplingError;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Computes the diagonal of a model's Fisher information over examples (METHOD: Li et al. 2025; Kunstner et al. 2019 for
 * the kinds). Squares are of single examples' gradients, batches only make it fast: the result does not depend on their
 * size beyond rounding.
 */
public final class FisherEstimator implements AutoCloseable {
    private final FisherPlan plan;
    private final List<Part> parts = new ArrayList<>();
    private final SquareAccumulator accumulator = new SquareAccumulator();
    private final Targets targets;

    /** Prepares everything that can fail on wrong input. */
    public FisherEstimator(FisherRequest request) {
        this(FisherPlan.of(request));
    }

    /** Runs a plan, which is closed with the estimator, or at once where a graph of it cannot be loaded. */
    FisherEstimator(FisherPlan plan) {
        this.plan = plan;
        try (Opening opening = new Opening()) {
            opening.add(plan);
            plan.parameters().forEach((name, shape) -> accumulator.add(name, shape, plan.order(name)));
            plan.parts().forEach(part -> parts.add(new Part(part)));
            targets = opening.keep(new Targets(plan));
        }
    }

    /** What was planned: parameters, paths, passes. */
    public FisherPlan plan() {
        return plan;
    }

    /**
     * Adds a piece of the data. It may hold other examples than the request's, of the same shapes; standard errors come from the
     * spread between pieces, so some dozens of pieces of about the same size serve best.
     *
     * <p>After an exception the sums are worth nothing: {@link #clear()} starts anew.
     *
     * @throws SquisherException if the examples or their labels do not fit what was planned, or a gradient is not finite
     */
    public void add(Examples examples) {
        add(plan.data(examples), plan.batchSize(), done -> {});
    }

    /**
     * Adds a piece, at most {@code most} of its examples at once.
     *
     * @param progress told how many are done
     */
    void add(PieceOfData piece, int most, LongConsumer progress) {
        long count = piece.examples().count();
        accumulator.open();
        for (long from = 0; from < count; from += most) {
            int valid = (int) Math.min(most, count - from);
            for (Part part : parts) {
                for (long pass = 0; pass < plan.passes(); pass++) {
                    part.run(pass, piece, from, valid);
                }
            }
            accumulator.neglect(targets.neglected(piece, from, valid));
            progress.accept(from + valid);
        }
        try {
            accumulator.close(count);
        } catch (NotFiniteException e) {
            throw e.within(piece.examples());
        }
    }

    /**
     * The sums over all that was added since the start, or since {@link #clear()}.
     *
     * @return of no examples where nothing was added; what is added later does not change it
     */
    public FisherSums sums() {
        return FisherSums.of(accumulator.counted(plan.header()), accumulator.tensors());
    }

    /** The same without a promise: what is added later changes it. Spares a copy of the numbers. */
    FisherSums passingSums() {
        return FisherSums.of(accumulator.counted(plan.header()), accumulator.passingTensors());
    }

    /** Forgets all that was added. */
    public void clear() {
        accumulator.clear();
    }

    /** Goes on from {@code sums}, which are of the same plan. */
    void restore(FisherSums sums) {
        accumulator.restore(sums);
    }

    /** The standard errors so far; empty where there are no two pieces, and for the joint kind. */
    Optional<SamplingError> samplingError() {
        return SamplingErrors.of(accumulator.counted(plan.header()), accumulator.squaredNorms());
    }

    /**
     * Goes through all examples of the request.
     *
     * @return the diagonal, a mean over the examples
     * @throws SquisherException if a label is out of range, or a gradient is not finite
     */
    public FisherDiagonal run(FisherListener listener) {
        return run(listener, FisherRun.ALL).toDiagonal();
    }

    /**
     * Goes through the examples of the request, as far as {@code settings} say.
     *
     * @return the sums over those that were run
     */
    public FisherSums run(FisherListener listener, FisherRun settings) {
        return new EstimatorRun(this, listener, settings).sums();
    }

    /** A graph with its session, kept output buffers, and the batch that fits into memory. */
    private final class Part {
        private final FisherPart planned;
        private final FisherGraph graph;
        private final InferenceSession session;
        private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();
        private final Set<String> inputNames = new HashSet<>();
        private final Set<String> rowOutputs = new HashSet<>();
        private final FittingBatch batch;

        Part(FisherPart planned) {
            this.planned = planned;
            this.graph = planned.graph();
            this.batch = new FittingBatch(planned.batchSize(), plan.runtime().notices());
            this.session = plan.session(graph.model());
            graph.outputs()
                    .forEach((parameter, output) -> buffers.put(
                            parameter, session.pin(output, plan.order(parameter).output())));
            graph.model().getGraph().getInputList().forEach(input -> inputNames.add(input.getName()));
            graph.rows().values().forEach(rows -> rowOutputs.addAll(Set.of(rows.indices(), rows.gradients())));
        }

        /** One pass over some examples, in as many runs as memory asks for. */
        void run(long pass, PieceOfData data, long from, int valid) {
            batch.over(from, valid, (first, rows) -> runBatch(pass, data, first, rows));
        }

        private void runBatch(long pass, PieceOfData data, long from, int rows) {
            Map<String, Tensor> fed = new HashMap<>(data.inputs(from, rows));
            fed.putAll(targets.of(pass, data, from, rows));
            fed.keySet().retainAll(inputNames);
            add(this, session.run(fed, rowOutputs));
        }
    }

    private void add(Part part, Map<String, Tensor> rowOutputs) {
        double scale = part.graph.scale();
        boolean joint = plan.kind() instanceof FisherKind.Joint;
        int draws = plan.kind() instanceof FisherKind.Sampled sampled ? sampled.draws() : 1;
        part.graph
                .rows()
                .forEach((parameter, rows) -> accumulator.addRows(
                        parameter,
                        rowOutputs.get(rows.indices()),
                        rowOutputs.get(rows.gradients()),
                        1 / (scale * scale * draws)));
        boolean squareHere = part.planned.gradients() && !plan.kind().takesGradients();
        part.buffers.forEach((parameter, buffer) -> {
            if (plan.kind() instanceof FisherKind.Absolute) {
                accumulator.addAbsolutes(parameter, buffer, 1 / scale);
            } else if (squareHere) {
                accumulator.addSquares(parameter, buffer, 1 / (scale * scale * draws));
            } else {
                accumulator.add(parameter, buffer, joint ? 1 / scale : 1 / (scale * scale * draws));
            }
        });
    }

    @Override
    public void close() {
        plan.close();
    }
}
