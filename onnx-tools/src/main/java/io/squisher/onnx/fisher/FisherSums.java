package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.Provenance;
import io.squisher.proto.Sums;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The sums of an estimation over some examples: float64 by parameter, with what was asked and how many examples they are of. A
 * Fisher is a sum over examples, so that of any data is the sum of those of its parts, wherever each was computed:
 *
 * <pre>{@code
 * FisherDiagonal fisher = FisherSums.sum(List.of(ofPart1, ofPart2, ofPart3)).toDiagonal();
 * }</pre>
 *
 * <p>Additions go in the order that is given, so the same parts in the same order give the same bits. Immutable, and safe for several
 * threads. The numbers may be in files ({@link FisherSumsFile}), or computed when they are read: a sum of many files needs no memory.
 */
public final class FisherSums {
    private final Sums header;
    private final Map<String, Tensor> tensors;

    private FisherSums(Sums header, Map<String, Tensor> tensors) {
        this.header = header;
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Sums whose numbers were added elsewhere, for instance block by block on many machines.
     *
     * @param header of all of them, from {@link #sumOfHeaders}
     * @param tensors the sums by parameter, float64, of the parameters' shapes; they must be readable as long as the result is used
     * @throws SquisherException if a tensor is of another type, or tensors and header are not of the same estimation
     */
    public static FisherSums of(Sums header, Map<String, Tensor> tensors) {
        SumsHeaders.problem(header, tensors).ifPresent(problem -> {
            throw new SquisherException("no sums of an estimation: " + problem);
        });
        return new FisherSums(header, tensors);
    }

    /** What the sums are of: small beside the numbers. */
    public Sums header() {
        return header;
    }

    /** The kind in a word, as {@link FisherKind#word()}. */
    public String kind() {
        return header.getProvenance().getKind().name().toLowerCase(Locale.ROOT);
    }

    /** The sums by parameter, float64, of the parameter's shape. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** How many examples they are of. */
    public long count() {
        return header.getExampleCount();
    }

    /** In how many pieces the examples were added. */
    public long pieces() {
        return header.getPieces();
    }

    /**
     * The mean over the examples of the probability that an exact Fisher over the most probable classes left out (of tokens, the
     * sum over an example's); empty for all other kinds.
     */
    public OptionalDouble neglectedMass() {
        return header.getTopClasses() > 0 && count() > 0
                ? OptionalDouble.of(header.getNeglected() / count())
                : OptionalDouble.empty();
    }

    /**
     * A block of one parameter's sums.
     *
     * @param from its first element, in row-major order
     * @param count how many elements
     * @throws SquisherException if there is no such parameter
     * @throws IndexOutOfBoundsException if it has not so many elements
     */
    public double[] block(String parameter, long from, int count) {
        Tensor tensor = tensors.get(parameter);
        if (tensor == null) {
            throw new SquisherException(
                    "the sums have no parameter '" + parameter + "'; they have " + tensors.keySet());
        }
        Objects.checkFromIndexSize(from, count, tensor.size());
        double[] block = new double[count];
        ChunkReader reader = ChunkReader.upTo(count);
        for (int done = 0; done < count; ) {
            done += reader.read(tensor, from + done, block, done, count - done);
        }
        return block;
    }

    /**
     * These and {@code other}.
     *
     * @throws SquisherException if they are of another estimation, or of the same shard
     */
    public FisherSums plus(FisherSums other) {
        return sum(List.of(this, other));
    }

    /**
     * The sum of all, added in their order when it is read.
     *
     * @param parts at least one, whose numbers stay readable as long as the result is used
     * @throws SquisherException if two are of different estimations, or of the same shard
     */
    public static FisherSums sum(List<FisherSums> parts) {
        Sums header = sumOfHeaders(parts.stream().map(FisherSums::header).toList());
        if (parts.size() == 1) {
            return parts.get(0);
        }
        Map<String, Tensor> first = parts.get(0).tensors;
        parts.forEach(part -> SumsHeaders.difference(first, part.tensors).ifPresent(difference -> {
            throw new SquisherException("sums of different estimations cannot be added: " + difference);
        }));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        first.forEach((name, tensor) -> {
            List<Tensor> all =
                    parts.stream().map(part -> part.tensors.get(name)).toList();
            tensors.put(name, new ComputedTensor(TensorSpec.of(tensor), all, added(all.size())));
        });
        return new FisherSums(header, tensors);
    }

    private static ComputedTensor.Kernel added(int parts) {
        return (start, count, inputs, output) -> {
            System.arraycopy(inputs[0], 0, output, 0, count);
            for (int part = 1; part < parts; part++) {
                double[] added = inputs[part];
                for (int i = 0; i < count; i++) {
                    output[i] += added[i];
                }
            }
        };
    }

    /**
     * The header of the sum of sums with these headers: counts are added, shards and sources joined.
     *
     * @param headers at least one
     * @throws SquisherException if two are of different estimations, or of the same shard
     */
    public static Sums sumOfHeaders(List<Sums> headers) {
        return SumsHeaders.sum(headers);
    }

    /** The same with the numbers in memory. */
    FisherSums inMemory() {
        Map<String, Tensor> read = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> read.put(name, Tensor.of(tensor.type(), tensor.shape(), tensor.toBytes())));
        return new FisherSums(header, read);
    }

    /** Writes a safetensors file that {@link FisherSumsFile} reads; atomically. */
    public void write(Path path) {
        write(path, Map.of());
    }

    /** Also writes more metadata. */
    void write(Path path, Map<String, String> more) {
        Map<String, String> metadata = new LinkedHashMap<>(more);
        metadata.put(FisherSumsFile.KEY, SumsHeaders.toJson(header));
        SafetensorsWriter.write(path, tensors, metadata);
    }

    /**
     * The mean over the examples, with where it comes from and its standard errors. Computed when it is read, from the sums.
     *
     * @throws SquisherException if there are no examples, or a sum is no number
     */
    public FisherDiagonal toDiagonal() {
        if (count() < 1) {
            throw new SquisherException("a Fisher is a mean over examples, and these sums are of none");
        }
        boolean joint = header.getProvenance().getKind() == Provenance.Kind.JOINT;
        // Joint: N (1/N Σ g)² = (Σ g)² / N.
        Map<String, Tensor> means = new LinkedHashMap<>();
        Map<String, Double> squaredNorms = new LinkedHashMap<>();
        tensors.forEach((name, sums) -> {
            squaredNorms.put(name, NormSketch.squaredNorm(NormSketch.of(sums)));
            means.put(name, SumMeans.of(name, sums, joint, count()));
        });
        TiedWeights tied = SumsHeaders.ties(header);
        Map<String, Tensor> spread = tied.spread(means);
        Provenance.Builder provenance = header.getProvenance().toBuilder()
                .setReduction(Provenance.Reduction.MEAN)
                .setExampleCount(count())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        SumsHeaders.note(header).ifPresent(provenance::addNotes);
        neglectedMass()
                .ifPresent(mass -> provenance.addNotes("exact over the " + header.getTopClasses()
                        + " most probable classes of each example, which leaves out a probability of "
                        + String.format(Locale.ROOT, "%.3g", mass)));
        SamplingErrors.of(header, squaredNorms).map(tied::spread).ifPresent(provenance::setSamplingError);
        return new FisherDiagonal(spread, SumsHeaders.roles(header, spread.keySet()), provenance.build());
    }
}
