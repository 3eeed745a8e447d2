package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.OutOfMemoryException;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes the diagonal of a model's Fisher information over examples (METHOD: Li et al. 2025; Kunstner et al. 2019 for
 * the kinds). Squares are of single examples' gradients, batches only make it fast: the result does not depend on their
 * size beyond rounding.
 */
public final class FisherEstimator implements AutoCloseable {
    private static final long SAVE_EVERY_NANOSECONDS = 30_000_000_000L;

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
            plan.parameters().forEach((name, shape) -> accumulator.add(name, shape));
            plan.parts().forEach(part -> parts.add(new Part(part)));
            targets = opening.keep(new Targets(plan));
        }
    }

    /** What was planned: parameters, paths, passes. */
    public FisherPlan plan() {
        return plan;
    }

    /**
     * Goes through all examples.
     *
     * @return the diagonal, a mean over the examples
     * @throws SquisherException if a label is out of range, or a gradient is not finite
     */
    public FisherDiagonal run(FisherListener listener) {
        return run(listener, null);
    }

    /**
     * Goes through all examples, or on from where {@code partial} was saved.
     *
     * @param partial where sums are saved now and then; may be null
     */
    public FisherDiagonal run(FisherListener listener, PartialSums partial) {
        return run(listener, partial, SAVE_EVERY_NANOSECONDS);
    }

    /** Also says how long to wait before the sums are saved again. */
    FisherDiagonal run(FisherListener listener, PartialSums partial, long saveEveryNanoseconds) {
        listener.started(plan.examples().count(), plan.passes(), plan.paths());
        accumulator.clear();
        long count = plan.examples().count();
        long from = partial == null ? 0 : partial.load(accumulator).orElse(0L);
        listener.progressed(from);
        long saved = System.nanoTime();
        while (from < count) {
            int valid = (int) Math.min(plan.batchSize(), count - from);
            for (Part part : parts) {
                for (long pass = 0; pass < plan.passes(); pass++) {
                    part.run(pass, from, valid);
                }
            }
            from += valid;
            listener.progressed(from);
            if (partial != null && from < count && System.nanoTime() - saved > saveEveryNanoseconds) {
                partial.save(accumulator, from);
                saved = System.nanoTime();
            }
        }
        boolean joint = plan.kind() instanceof FisherKind.Joint;
        // Joint: N (1/N Σ g)² = (Σ g)² / N.
        Map<String, Tensor> tensors = plan.tied().spread(accumulator.tensors(joint, 1.0 / count));
        return new FisherDiagonal(
                tensors,
                plan.provenance().roles(tensors.keySet()),
                plan.provenance().message());
    }

    /** A graph with its session, kept output buffers, and the batch that fits into memory. */
    private final class Part {
        private final FisherPart planned;
        private final FisherGraph graph;
        private final InferenceSession session;
        private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();
        private final Set<String> inputNames = new HashSet<>();
        private final Set<String> rowOutputs = new HashSet<>();
        private int batch;

        Part(FisherPart planned) {
            this.planned = planned;
            this.graph = planned.graph();
            this.batch = planned.batchSize();
            this.session = plan.session(graph.model());
            graph.outputs()
                    .forEach((parameter, output) -> buffers.put(
                            parameter, session.pin(output, plan.parameters().get(parameter))));
            graph.model().getGraph().getInputList().forEach(input -> inputNames.add(input.getName()));
            graph.rows().values().forEach(rows -> rowOutputs.addAll(Set.of(rows.indices(), rows.gradients())));
        }

        /** One pass over some examples, in as many runs as memory asks for. */
        void run(long pass, long from, int valid) {
            for (long at = from; at < from + valid; ) {
                int rows = (int) Math.min(batch, from + valid - at);
                try {
                    runBatch(pass, at, rows);
                    at += rows;
                } catch (OutOfMemoryException e) {
                    if (rows == 1) {
                        throw e;
                    }
                    batch = Math.max(1, rows / 2);
                    plan.runtime()
                            .notices()
                            .accept("out of memory with " + rows + " examples at once, going on with " + batch);
                }
            }
        }

        private void runBatch(long pass, long from, int rows) {
            Map<String, Tensor> fed = new HashMap<>(plan.inputs(from, rows));
            fed.putAll(targets.of(pass, from, rows));
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
