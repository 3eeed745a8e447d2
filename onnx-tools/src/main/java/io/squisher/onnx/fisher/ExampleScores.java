package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One number for each example n of a request, {@code Σ_j w_j g_nj²} over the elements j of its parameters. With w = 1 it is the
 * squared norm of the example's gradient; with w = 1/(F + d), gᵀ(F + d)⁻¹g under a diagonal Fisher, the self-influence (Koh and
 * Liang 2017) up to sign. Squares are weighted and added up in the graph, so that no gradient of the size of the parameters leaves
 * it for any example.
 *
 * <p>The mean over the examples is Σ_j w_j F_j, F the Fisher of the same request. Of the sampled kind it is a mean over the drawn
 * labels, of the exact kind the expectation. The joint and the absolute kind have nothing of one example.
 */
public final class ExampleScores implements AutoCloseable {
    private final FisherPlan plan;
    private final Targets targets;
    private final List<GraphLanes> parts = new ArrayList<>();

    /** What the weights were divided by, by parameter, so that they fit into float32. */
    private final Map<String, Double> units = new HashMap<>();

    /**
     * Prepares everything that can fail on wrong input.
     *
     * @param weights w of every parameter of the request, in its shape, finite and not negative; empty for ones
     * @throws SquisherException if the request cannot be answered, or weights are missing or no weights
     */
    public ExampleScores(FisherRequest request, Map<String, Tensor> weights) {
        if (request.kind() instanceof FisherKind.Joint || request.kind() instanceof FisherKind.Absolute) {
            throw new SquisherException("the " + request.kind().word()
                    + " kind has no number of one example; choose the kind empirical, sampled or exact");
        }
        this.plan = FisherPlan.of(request);
        try (Opening opening = new Opening()) {
            opening.add(plan);
            Map<String, Tensor> scaled = weights.isEmpty() ? Map.of() : scaled(weights);
            targets = new Targets(plan);
            plan.norms(scaled).forEach(part -> parts.add(lanes(part)));
            opening.keep(plan);
        }
    }

    /** What was planned: parameters, passes, examples. */
    public FisherPlan plan() {
        return plan;
    }

    /** Receives the numbers of some examples, in their order. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Takes them in.
         *
         * @param from which the first is, from 0 in the request's examples
         */
        void accept(long from, double... scores);
    }

    /**
     * Goes through all examples of the request.
     *
     * @throws SquisherException if a label is out of range, or a number is not finite
     */
    public void run(FisherListener listener, Receiver receiver) {
        PieceOfData data = plan.data();
        long count = data.examples().count();
        Map<String, String> paths = new LinkedHashMap<>();
        parts.forEach(part -> paths.putAll(part.part().graph().paths()));
        listener.started(count, plan.passes(), paths);
        for (long from = 0; from < count; from += plan.batchSize()) {
            int rows = (int) Math.min(plan.batchSize(), count - from);
            double[] scores = new double[rows];
            long first = from;
            for (GraphLanes part : parts) {
                for (long pass = 0; pass < plan.passes(); pass++) {
                    part.run(
                            pass,
                            data,
                            from,
                            rows,
                            results -> results.forEach(result -> add(part.part().graph(), result, first, scores)));
                }
            }
            requireFinite(data, from, scores);
            receiver.accept(from, scores);
            listener.progressed(from + rows);
        }
    }

    private static void requireFinite(PieceOfData data, long from, double... scores) {
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new SquisherException(
                        "the gradients of " + data.examples().describe(from + i, 1)
                                + " are not finite: the sum of their weighted squares is " + scores[i]);
            }
        }
    }

    private Map<String, Tensor> scaled(Map<String, Tensor> weights) {
        Set<String> missing = new TreeSet<>(plan.parameters().keySet());
        missing.removeAll(weights.keySet());
        if (!missing.isEmpty()) {
            throw new SquisherException(
                    "the weights lack the parameters " + missing + "; leave those out with --params, or give all");
        }
        Map<String, Tensor> scaled = new HashMap<>();
        plan.parameters().forEach((name, shape) -> scaled.put(name, scaled(name, shape, weights.get(name))));
        return scaled;
    }

    /** The weights over the largest of them, in float32: a weight of 1e30 would end in infinite numbers. */
    private Tensor scaled(String name, Shape shape, Tensor weights) {
        if (!weights.shape().equals(shape)) {
            throw new SquisherException(
                    "the weights of '" + name + "' are " + weights.shape() + ", the parameter is " + shape);
        }
        double[] largest = {0};
        ChunkReader reader = ChunkReader.upTo(weights.size());
        reader.forEach(weights, (index, value) -> {
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new SquisherException("the weights of '" + name + "' have " + value + " at element " + index
                        + "; weights are finite and not negative");
            }
            largest[0] = Math.max(largest[0], value);
        });
        double unit = largest[0] > 0 ? largest[0] : 1;
        units.put(name, unit);
        float[] values = new float[Math.toIntExact(shape.size())];
        reader.forEach(weights, (index, value) -> values[(int) index] = (float) (value / unit));
        return Tensor.of(shape, values);
    }

    private GraphLanes lanes(FisherPart part) {
        return new GraphLanes(
                plan, part, targets, Map.of(), Set.copyOf(part.graph().outputs().values()));
    }

    /** Adds what a run gave of some examples to their scores, the first of which is of example {@code from}. */
    private void add(FisherGraph graph, GraphLanes.Result result, long from, double... scores) {
        int at = (int) (result.from() - from);
        double factor = plan.unit(graph);
        graph.outputs().forEach((parameter, output) -> {
            double unit = factor * units.getOrDefault(parameter, 1.0);
            double[] values = result.others().get(output).toDoubles();
            for (int i = 0; i < values.length; i++) {
                scores[at + i] += values[i] * unit;
            }
        });
    }

    @Override
    public void close() {
        plan.close();
    }
}
