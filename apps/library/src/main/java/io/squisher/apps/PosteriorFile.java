package io.squisher.apps;

import io.squisher.Version;
import io.squisher.apps.laplace.Posterior;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Provenance;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the precisions of a posterior over weights, as a diagonal of the combined kind. */
public final class PosteriorFile {
    private PosteriorFile() {}

    /** By tensor, s N F + δ, computed as it is read. */
    public static Map<String, Tensor> precisions(Map<String, Tensor> fisher, Posterior posterior) {
        Map<String, Tensor> precisions = new LinkedHashMap<>();
        fisher.forEach((name, tensor) -> precisions.put(
                name,
                new ComputedTensor(
                        new TensorSpec(ElementType.F64, tensor.shape()),
                        List.of(tensor),
                        (start, count, inputs, output) -> {
                            for (int i = 0; i < count; i++) {
                                output[i] = posterior.precision(inputs[0][i]);
                            }
                        })));
        return precisions;
    }

    /**
     * Writes the file, atomically.
     *
     * @param fisher at scale, by tensor of the model
     * @param metadata what it was made of, for {@code squisher.laplace}: a JSON object
     */
    public static void write(
            Path file, WeightSource model, Map<String, Tensor> fisher, Posterior posterior, String metadata) {
        Provenance provenance = Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(Provenance.Kind.COMBINED)
                .setReduction(Provenance.Reduction.SUM)
                .setWeightsHash(ContentHash.of(fisher.keySet(), model::tensor))
                .addNotes("precisions of a Laplace posterior, s N F + d: no Fisher but what one makes of weights")
                .setToolVersion(Version.text())
                .setCreated(Instant.now().toString())
                .build();
        FisherFile.write(
                file,
                new FisherDiagonal(precisions(fisher, posterior), provenance),
                Map.of("squisher.laplace", metadata));
    }
}
