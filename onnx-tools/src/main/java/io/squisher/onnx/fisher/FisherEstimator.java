package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.proto.SamplingError;
import io.squisher.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    private final List<GraphLanes> parts = new ArrayList<>();
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
            targets = new Targets(plan);
            plan.parts().forEach(part -> parts.add(lanes(part)));
            opening.keep(plan);
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
            for (GraphLanes part : parts) {
                for (long pass = 0; pass < plan.passes(); pass++) {
                    part.run(pass, piece, from, valid, results -> add(part.part(), results));
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

    private GraphLanes lanes(FisherPart part) {
        Map<String, Shape> kept = new LinkedHashMap<>();
        part.graph()
                .outputs()
                .forEach((parameter, output) ->
                        kept.put(output, plan.order(parameter).output()));
        Set<String> rows = new HashSet<>();
        part.graph().rows().values().forEach(of -> rows.addAll(Set.of(of.indices(), of.gradients())));
        return new GraphLanes(plan, part, targets, kept, rows);
    }

    private void add(FisherPart part, List<GraphLanes.Result> results) {
        FisherGraph graph = part.graph();
        double scale = graph.scale();
        boolean joint = plan.kind() instanceof FisherKind.Joint;
        double factor = plan.unit(graph);
        graph.rows()
                .forEach((parameter, rows) -> results.forEach(result -> accumulator.addRows(
                        parameter,
                        result.others().get(rows.indices()),
                        result.others().get(rows.gradients()),
                        factor)));
        boolean squareHere = part.gradients() && !plan.kind().takesGradients();
        graph.outputs().forEach((parameter, output) -> {
            List<ByteBuffer> buffers =
                    results.stream().map(result -> result.kept().get(output)).toList();
            if (plan.kind() instanceof FisherKind.Absolute) {
                accumulator.addAbsolutes(parameter, buffers, 1 / scale);
            } else if (squareHere) {
                accumulator.addSquares(parameter, buffers, factor);
            } else {
                accumulator.add(parameter, buffers, joint ? 1 / scale : factor);
            }
        });
    }

    @Override
    public void close() {
        plan.close();
    }
}
