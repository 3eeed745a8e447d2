package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Computes the diagonal of a model's Fisher information over examples (METHOD: Li et al. 2025; Kunstner et al. 2019 for
 * the kinds). Squares are of single examples' gradients, batches only make it fast: the result does not depend on their
 * size beyond rounding.
 */
public final class FisherEstimator implements AutoCloseable {
    private final FisherPlan plan;
    private final List<Part> parts = new ArrayList<>();
    private final SquareAccumulator accumulator = new SquareAccumulator();
    private InferenceSession forward;

    /** A graph with its session and kept output buffers. */
    private record Part(FisherGraph graph, InferenceSession session, Map<String, ByteBuffer> buffers, int batch) {}

    /** Prepares everything that can fail on wrong input. */
    public FisherEstimator(FisherRequest request) {
        plan = FisherPlan.of(request);
        plan.parameters().forEach((name, shape) -> accumulator.add(name, shape));
        parts.add(part(plan.batched(), plan.batchSize()));
        plan.singleExamples().ifPresent(graph -> parts.add(part(graph, 1)));
        if (plan.kind() instanceof FisherKind.Sampled) {
            forward = InferenceSession.create(plan.forward(), plan.runtime());
        }
    }

    private Part part(FisherGraph graph, int batch) {
        InferenceSession session = InferenceSession.create(graph.model(), plan.runtime());
        Map<String, ByteBuffer> buffers = new LinkedHashMap<>();
        graph.outputs().forEach((parameter, output) -> {
            Shape shape = plan.parameters().get(parameter);
            buffers.put(parameter, session.pin(output, shape));
        });
        return new Part(graph, session, buffers, batch);
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
        listener.started(plan.examples().count(), plan.passes(), plan.paths());
        long count = plan.examples().count();
        for (long from = 0; from < count; from += plan.batchSize()) {
            int valid = (int) Math.min(plan.batchSize(), count - from);
            for (Part part : parts) {
                for (long at = from; at < from + valid; at += part.batch()) {
                    runBatch(part, at, (int) Math.min(part.batch(), from + valid - at));
                }
            }
            listener.progressed(from + valid);
        }
        boolean joint = plan.kind() instanceof FisherKind.Joint;
        // Joint: N (1/N Σ g)² = (Σ g)² / N.
        Map<String, Tensor> tensors = accumulator.tensors(joint, 1.0 / count);
        return new FisherDiagonal(tensors, plan.roles(tensors.keySet()), plan.provenance());
    }

    private void runBatch(Part part, long from, int valid) {
        Map<String, Tensor> inputs = plan.inputs(from, valid);
        for (Map<String, Tensor> targets : targets(inputs, from, valid)) {
            Map<String, Tensor> fed = new HashMap<>(inputs);
            fed.putAll(targets);
            fed.keySet().retainAll(inputNames(part));
            add(part, part.session().run(fed, rowOutputs(part)));
        }
    }

    private static Set<String> rowOutputs(Part part) {
        Set<String> names = new HashSet<>();
        part.graph().rows().values().forEach(rows -> names.addAll(Set.of(rows.indices(), rows.gradients())));
        return names;
    }

    private static Set<String> inputNames(Part part) {
        Set<String> names = new HashSet<>();
        part.graph().model().getGraph().getInputList().forEach(input -> names.add(input.getName()));
        return names;
    }

    private Iterable<Map<String, Tensor>> targets(Map<String, Tensor> inputs, long from, int valid) {
        LikelihoodHead head = plan.head();
        if (plan.kind() instanceof FisherKind.Exact) {
            Tensor labels = plan.labels(from, valid).orElse(null);
            return () -> java.util.stream.LongStream.range(0, head.passes())
                    .mapToObj(pass -> head.targetsOfPass(pass, labels, valid, valid))
                    .iterator();
        }
        if (plan.kind() instanceof FisherKind.Sampled sampled) {
            return drawn(sampled, inputs, from, valid);
        }
        return List.of(head.targets(plan.labels(from, valid).orElseThrow(), from, valid));
    }

    /** Labels from the model; each example has a generator of its own, so that batches do not matter. */
    private List<Map<String, Tensor>> drawn(
            FisherKind.Sampled sampled, Map<String, Tensor> inputs, long from, int valid) {
        Tensor output = forward.run(inputs, Set.of(plan.output())).get(plan.output());
        List<SplittableRandom> generators = new ArrayList<>();
        for (int row = 0; row < valid; row++) {
            generators.add(new SplittableRandom(sampled.seed() * 0x9E3779B97F4A7C15L + from + row).split());
        }
        List<Map<String, Tensor>> targets = new ArrayList<>();
        for (int draw = 0; draw < sampled.draws(); draw++) {
            targets.add(plan.head().targets(plan.head().draw(output, generators), from, valid));
        }
        return targets;
    }

    private void add(Part part, Map<String, Tensor> rowOutputs) {
        double scale = part.graph().scale();
        boolean joint = plan.kind() instanceof FisherKind.Joint;
        int draws = plan.kind() instanceof FisherKind.Sampled sampled ? sampled.draws() : 1;
        part.graph()
                .rows()
                .forEach((parameter, rows) -> accumulator.addRows(
                        parameter,
                        rowOutputs.get(rows.indices()),
                        rowOutputs.get(rows.gradients()),
                        1 / (scale * scale * draws)));
        boolean squareHere = !joint && part.graph() != plan.batched();
        part.buffers().forEach((parameter, buffer) -> {
            if (squareHere) {
                accumulator.addSquares(parameter, buffer, 1 / (scale * scale * draws));
            } else {
                accumulator.add(parameter, buffer, joint ? 1 / scale : 1 / (scale * scale * draws));
            }
        });
    }

    @Override
    public void close() {
        parts.forEach(part -> part.session().close());
        if (forward != null) {
            forward.close();
        }
    }
}
