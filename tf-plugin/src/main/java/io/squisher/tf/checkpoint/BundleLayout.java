package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.PairLayout;
import io.squisher.files.FormatException;
import io.squisher.fisher.FisherFile;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.weights.ContentHash;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** A pair of TensorFlow's: data, accumulators and index. */
final class BundleLayout implements PairLayout {
    /** Entry of the accumulators' metadata that holds the loop's metric. */
    static final String METRIC_KEY = "squisher.metric";

    private static final String INDEX = ".index";

    @Override
    public String last() {
        return INDEX;
    }

    @Override
    public boolean isPart(String ending) {
        return ending.equals(INDEX) || ending.equals(Squisher.SUFFIX) || ending.startsWith(".data-");
    }

    @Override
    public OptionalDouble metric(Path prefix) {
        try (FisherFile file = FisherFile.open(Squisher.fileFor(prefix))) {
            String metric = file.metadata().get(METRIC_KEY);
            return metric == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(metric));
        } catch (FormatException e) {
            return OptionalDouble.empty();
        }
    }

    @Override
    public void verify(Path prefix) {
        Path file = Squisher.fileFor(prefix);
        try (BundleFile checkpoint = BundleFile.open(prefix);
                FisherFile accumulators = FisherFile.open(file)) {
            checkpoint.verify();
            String hash = ContentHash.of(accumulators.diagonal().names(), checkpoint::tensor);
            if (!hash.equals(accumulators.diagonal().provenance().getWeightsHash())) {
                throw new SquisherException(
                        "'" + file + "' does not belong to '" + prefix + "': the hash of the weights differs");
            }
        }
    }
}
