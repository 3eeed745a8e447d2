package io.squisher.onnx.fisher;

import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxRoles;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Graph;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.proto.Sums;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.Role;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Says where a plan's numbers come from: what is stored with them, and what sums must agree in to be added. */
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

    /**
     * What stands beside the sums of no examples yet.
     *
     * @param output the value that the likelihood takes
     */
    Sums header(String output) {
        Map<String, Tensor> shared = request.examples().shared();
        Sums.Builder header = Sums.newBuilder()
                .setFormatVersion(SumsHeaders.FORMAT_VERSION)
                .setProvenance(message())
                .setOutput(output)
                .setLikelihood(request.likelihood().toString())
                .setSharedHash(shared.isEmpty() ? "" : ContentHash.of(shared.keySet(), shared::get))
                .addAllTies(SumsHeaders.ties(bound.tied().of(parameters)));
        if (request.kind() instanceof FisherKind.Exact exact) {
            header.setTopClasses(exact.topClasses());
        }
        OnnxRoles roles = OnnxRoles.of(request.model().model().getGraph());
        names().stream()
                .filter(name -> roles.role(name) != Role.PARAMETER)
                .forEach(name -> header.putRoles(name, roles.role(name).name()));
        return header.build();
    }

    private Provenance message() {
        Provenance.Builder provenance = Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(request.kind().toProto())
                .setLikelihood(request.likelihood().name())
                .setWeightsHash(weightsHash())
                .addSources(Source.newBuilder()
                        .setFile(request.model().path().getFileName().toString()));
        if (request.kind() instanceof FisherKind.Sampled sampled) {
            provenance.setSampleCount(sampled.draws()).setSeed(sampled.seed());
        }
        return provenance.build();
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
            return ContentHash.of(names(), name -> OnnxTensors.read(stored.get(name), external));
        }
    }

    /** The names of the diagonal's tensors: parameters, and copies of them. */
    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>(parameters);
        names.addAll(bound.tied().of(parameters).copies().keySet());
        return names;
    }
}
