package io.squisher.onnx.fisher;

import io.squisher.proto.Provenance;
import io.squisher.proto.SamplingError;
import io.squisher.proto.Sums;
import java.util.Map;
import java.util.Optional;

/**
 * How far the mean of a tensor is likely to be from the mean over endless examples of the same kind, from the spread between
 * pieces of the data.
 *
 * <p>The data comes in P pieces; piece p has n_p examples with the sum S_p, the whole has N examples with the sum S. For
 * independent examples with variance σ² the weighted spread {@code Σ_p n_p (S_p/n_p − S/N)² = Σ_p S_p²/n_p − S²/N} has the expectation
 * {@code (P − 1) σ²}, whatever the sizes of the pieces; the mean S/N has the variance σ²/N (the random-groups estimator: Wolter, "Introduction
 * to Variance Estimation", ch. 2). All elements of a tensor together, so that S² is the squared Euclidean norm:
 *
 * <pre>{@code
 * relative standard error = √( (Σ_p |S_p|²/n_p − |S|²/N) / ((P − 1) N) ) / |S/N|
 * }</pre>
 *
 * <p>It is the expected distance of the tensor from the true one, over the tensor's norm. With P pieces its own relative error is about
 * {@code 1/√(2(P − 1))}, more where few examples make most of the Fisher. The examples have to be in random order, or the pieces are no
 * sample of the data.
 */
final class SamplingErrors {
    private SamplingErrors() {}

    /**
     * The relative standard error of one tensor.
     *
     * @param examples N
     * @param pieces P, at least 2
     * @param spread {@code Σ_p |S_p|²/n_p}
     * @param squaredNorm {@code |S|²}
     * @return 0 for a tensor of zeros
     */
    static double relative(long examples, long pieces, double spread, double squaredNorm) {
        if (squaredNorm == 0) {
            return 0;
        }
        double variance = Math.max(0, spread - squaredNorm / examples) / ((double) (pieces - 1) * examples);
        return Math.sqrt(variance) * examples / Math.sqrt(squaredNorm);
    }

    /**
     * Those of all tensors of some sums.
     *
     * @param squaredNorms by tensor, {@code |S|²}
     * @return empty where there are no two pieces, and for the joint kind: it is the square of one sum, not a mean that settles
     *     as examples are added
     */
    static Optional<SamplingError> of(Sums header, Map<String, Double> squaredNorms) {
        if (header.getPieces() < 2 || header.getProvenance().getKind() == Provenance.Kind.JOINT) {
            return Optional.empty();
        }
        SamplingError.Builder errors = SamplingError.newBuilder().setPieces(header.getPieces());
        squaredNorms.forEach((name, norm) -> errors.putRelative(
                name,
                relative(header.getExampleCount(), header.getPieces(), header.getSpreadOrDefault(name, 0), norm)));
        return Optional.of(errors.build());
    }
}
