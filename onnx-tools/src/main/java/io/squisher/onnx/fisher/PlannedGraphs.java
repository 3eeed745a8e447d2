package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxRoles;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.fisher.graph.EstimatorForm;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.fisher.graph.FisherGraphBuilder;
import io.squisher.onnx.fisher.graph.Seed;
import io.squisher.onnx.graph.Graph;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.weights.Role;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The last step of a plan: the graphs that together give all chosen parameters.
 *
 * @param batchSize examples at once, where a graph has a rule for batches
 * @param seed what a graph takes back from the output
 * @param parameters with their shapes
 * @param paths by parameter, how its numbers are computed
 * @param parts at least one
 */
record PlannedGraphs(
        int batchSize, Seed seed, Map<String, Shape> parameters, Map<String, String> paths, List<FisherPart> parts) {
    /**
     * Builds the graphs.
     *
     * @param single why the model takes one example at a time; empty where it takes batches
     * @throws SquisherException if no chosen parameter has a gradient, or an operator has no rule
     */
    static PlannedGraphs of(FisherRequest request, FisherTarget target, Optional<String> single, int batchSize) {
        Graph graph = target.values().graph();
        Set<String> candidates = candidates(request, graph);
        Set<String> chosen =
                target.builder(request.kind(), batchSize, new EstimatorForm()).reachable(candidates);
        if (chosen.isEmpty()) {
            throw unreached(request, target, candidates);
        }
        Seed seed = seed(request.kind(), target, chosen);
        FisherGraphBuilder builder = target.builder(seed, batchSize, new EstimatorForm());
        Map<String, String> paths = new LinkedHashMap<>();
        List<FisherPart> parts = single.isPresent() || request.kind().takesGradients()
                ? gradients(
                        single.isPresent() ? builder.ofSingleExample(chosen, single.get()) : builder.sums(chosen),
                        batchSize,
                        paths)
                : squares(builder, chosen, batchSize, paths);
        if (parts.isEmpty()) {
            throw new SquisherException("no gradient of the output '" + target.chosen() + "' of '"
                    + request.model().path() + "' reaches the chosen parameters " + chosen);
        }
        Map<String, Shape> parameters = new LinkedHashMap<>();
        chosen.forEach(name -> parameters.put(
                name, OnnxTensors.spec(graph.initializers().get(name)).shape()));
        return new PlannedGraphs(batchSize, seed, parameters, paths, parts);
    }

    /** The last layer alone takes one pass in place of one for each class; beside other parameters they are made anyway. */
    private static Seed seed(FisherKind kind, FisherTarget target, Set<String> chosen) {
        if (!(kind instanceof FisherKind.Exact exact)) {
            return Seed.LABELS;
        }
        boolean one = !exact.isOfTopClasses()
                && target.builder(kind, 1, new EstimatorForm()).isOnePass(chosen);
        return one ? Seed.ALL_PASSES : Seed.PASS;
    }

    private static SquisherException unreached(FisherRequest request, FisherTarget target, Set<String> candidates) {
        String what = "no parameter of '" + request.model().path() + "' reaches the output '" + target.chosen() + "'";
        if (candidates.isEmpty()) {
            return new SquisherException(what
                    + request.parameters().map(p -> " and matches '" + p + "'").orElse("; it has none"));
        }
        return new SquisherException(what
                + request.parameters().map(p -> " and matches '" + p + "'").orElse("")
                + new GradientBarrier(target.values(), StandardRules.all())
                        .before(target.output(), candidates)
                        .map(
                                barrier -> ": " + barrier
                                        + "; choose a value before that with --output ('squisher inspect --graph MODEL' lists them)")
                        .orElse(""));
    }

    private static Set<String> candidates(FisherRequest request, Graph graph) {
        OnnxRoles roles = OnnxRoles.of(request.model().model().getGraph());
        Set<String> candidates = new LinkedHashSet<>();
        graph.initializers().forEach((name, proto) -> {
            boolean floating = OnnxElementTypes.fromOnnx(proto.getDataType())
                    .map(ElementType::isFloating)
                    .orElse(false);
            boolean wanted =
                    request.parameters().map(p -> p.matcher(name).find()).orElse(true);
            boolean role = request.includeConstants() || roles.role(name) != Role.CONSTANT;
            if (floating && wanted && role) {
                candidates.add(name);
            }
        });
        return candidates;
    }

    private static List<FisherPart> gradients(FisherGraph graph, int batchSize, Map<String, String> paths) {
        paths.putAll(graph.paths());
        return withOutputs(new FisherPart(graph, batchSize, true));
    }

    /** One graph of batches, and one of single examples for the parameters that have no rule for a batch. */
    private static List<FisherPart> squares(
            FisherGraphBuilder builder, Set<String> chosen, int batchSize, Map<String, String> paths) {
        FisherGraph graph = builder.squares(chosen);
        paths.putAll(graph.paths());
        Map<String, String> left = graph.singleExamples();
        left.forEach((name, reason) -> paths.put(name, "one example at a time: " + reason));
        FisherPart batched = new FisherPart(graph, batchSize, false);
        return left.isEmpty()
                ? withOutputs(batched)
                : withOutputs(batched, new FisherPart(builder.sums(new LinkedHashSet<>(left.keySet())), 1, true));
    }

    /** ONNX Runtime loads no graph without outputs. */
    private static List<FisherPart> withOutputs(FisherPart... parts) {
        return Stream.of(parts)
                .filter(part -> part.graph().model().getGraph().getOutputCount() > 0)
                .toList();
    }
}
