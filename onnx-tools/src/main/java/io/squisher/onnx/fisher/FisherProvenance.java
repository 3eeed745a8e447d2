package io.squisher.onnx.fisher;

import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxRoles;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Graph;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.weights.ContentHash;
import io.squisher.weights.Role;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Says where a plan's numbers come from: what is stored with them, and what a partial result must agree with. */
final class FisherProvenance {
    private final BoundRequest bound;
    private final FisherRequest request;
    private final Graph graph;
    private final Set<String> parameters;
    private String weightsHash;

    /**
     * @param graph the graph whose initializers the parameters are
     */
    FisherProvenance(BoundRequest bound, Graph graph, Set<String> parameters) {
        this.bound = bound;
        this.request = bound.request();
        this.graph = graph;
        this.parameters = parameters;
    }

    /** The roles of those tensors that are no parameters. */
    Map<String, Role> roles(Set<String> names) {
        OnnxRoles roles = OnnxRoles.of(request.model().model().getGraph());
        Map<String, Role> others = new LinkedHashMap<>();
        names.stream()
                .filter(name -> roles.role(name) != Role.PARAMETER)
                .forEach(name -> others.put(name, roles.role(name)));
        return others;
    }

    /** What is stored beside the diagonal. */
    Provenance message() {
        Provenance.Builder provenance = Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(request.kind().toProto())
                .setReduction(Provenance.Reduction.MEAN)
                .setExampleCount(request.examples().count())
                .setLikelihood(request.likelihood().name())
                .setWeightsHash(weightsHash())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .addSources(Source.newBuilder()
                        .setFile(request.model().path().getFileName().toString()));
        if (request.kind() instanceof FisherKind.Sampled sampled) {
            provenance.setSampleCount(sampled.draws()).setSeed(sampled.seed());
        }
        return provenance.build();
    }

    /**
     * What a partial result must have been made for to be continued: model, data, question and batches.
     *
     * @param output the value that the likelihood takes
     */
    String fingerprint(String output, int batchSize) {
        return String.join(
                "\n",
                weightsHash(),
                request.examples().source() + " " + request.examples().count(),
                output + " " + request.labels() + " " + request.likelihood() + " " + request.kind() + " "
                        + bound.tied(),
                parameters + " " + batchSize);
    }

    /** Of the weights as the file has them, whatever the graph computes in. Computed once: it reads them all. */
    private String weightsHash() {
        if (weightsHash == null) {
            weightsHash = hashWeights();
        }
        return weightsHash;
    }

    private String hashWeights() {
        Map<String, TensorProto> stored = new HashMap<>(graph.initializers());
        request.model()
                .model()
                .getGraph()
                .getInitializerList()
                .forEach(initializer -> stored.put(initializer.getName(), initializer));
        try (ExternalData external = new ExternalData(request.model().path())) {
            Set<String> names = new LinkedHashSet<>(parameters);
            bound.tied().copies().forEach((name, copy) -> {
                if (parameters.contains(copy.original())) {
                    names.add(name);
                }
            });
            return ContentHash.of(names, name -> OnnxTensors.read(stored.get(name), external));
        }
    }
}
