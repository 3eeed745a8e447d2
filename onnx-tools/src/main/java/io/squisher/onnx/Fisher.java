package io.squisher.onnx;

import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.OutputFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.data.DataPaths;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.TakenArrays;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherMerge;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.FisherRun;
import io.squisher.onnx.fisher.FisherShard;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The diagonal of an ONNX model's Fisher information, from a file of examples or from arrays:
 *
 * <pre>{@code
 * FisherDiagonal fisher = Fisher.of(model).data(npz).kind(new FisherKind.Exact()).compute();
 * }</pre>
 *
 * <p>Unless told otherwise: the empirical Fisher of a classifier's logits, over all examples and parameters, with labels in the
 * array {@code labels}. All files are closed when a method returns. Not for several threads at once; the diagonal that comes
 * out is in memory, immutable, and safe for all.
 */
public final class Fisher {
    private static final String ARRAYS = "the arrays";

    private final Path model;
    private final List<Path> data = new ArrayList<>();
    private final Map<String, Tensor> arrays = new LinkedHashMap<>();
    private final Set<String> shared = new LinkedHashSet<>();
    private final Map<String, Integer> exampleAxes = new LinkedHashMap<>();
    private String labels = "labels";
    private OptionalLong limit = OptionalLong.empty();
    private Optional<String> output = Optional.empty();
    private boolean outputsAreLogits;
    private Likelihood likelihood = new Likelihood.Categorical(-1);
    private FisherKind kind = new FisherKind.Empirical();
    private Optional<Pattern> parameters = Optional.empty();
    private boolean includeConstants;
    private boolean tied;
    private OptionalInt batchSize = OptionalInt.empty();
    private Device device = new Device.Auto(false);
    private int threads;
    private Consumer<String> notices = notice -> {};
    private FisherListener listener = FisherListener.SILENT;
    private Optional<String> ids = Optional.empty();
    private FisherRun run = FisherRun.ALL;

    private Fisher(Path model) {
        this.model = model;
    }

    /** The Fisher of the model in an ONNX file. */
    public static Fisher of(Path model) {
        return new Fisher(model);
    }

    /**
     * The examples: an npz file of arrays {@code [N, …]}, named after the model's inputs; or several, read one after the other.
     *
     * @param npz files, folders of npz files, or patterns such as {@code shards/*.npz}
     */
    public Fisher data(Path... npz) {
        data.clear();
        data.addAll(List.of(npz));
        return this;
    }

    /** Examples in memory: an array {@code [N, …]} for each input of the model, and one of labels. */
    public Fisher array(String name, Tensor values) {
        arrays.put(name, values);
        return this;
    }

    /** The name of the array with the labels; {@code labels} unless given. */
    public Fisher labels(String name) {
        labels = name;
        return this;
    }

    /** Arrays without an axis of examples: inputs that are the same for all. */
    public Fisher shared(String... names) {
        shared.addAll(List.of(names));
        return this;
    }

    /**
     * Says on which axis an input or output of the model counts examples, where that is not its first; {@code labels} stands for
     * the array of labels in a file. Arrays in memory have their examples first all the same.
     *
     * @param axis from 0
     */
    public Fisher exampleAxis(String name, int axis) {
        if (axis < 0) {
            throw new SquisherException("the axis of the examples of '" + name + "' is at least 0, not " + axis);
        }
        exampleAxes.put(name, axis);
        return this;
    }

    /** Only the first examples, 1 or more. */
    public Fisher limit(long examples) {
        limit = OptionalLong.of(examples);
        return this;
    }

    /** The array of whole numbers by which examples draw their labels, for the sampled kind; an example's row unless given. */
    public Fisher ids(String name) {
        ids = Optional.of(name);
        return this;
    }

    /**
     * Only one of so many parts of the examples, for {@link #sums}: computed anywhere, and added by {@link #merge}.
     *
     * @param number from 1 to {@code count}
     */
    public Fisher shard(int number, int count) {
        run = run.ofShard(new FisherShard(number, count));
        return this;
    }

    /**
     * Ends when the estimated relative standard error of each tensor is below {@code error}, such as 0.02. The examples have to
     * be in random order. Not for the joint kind, nor with {@link #shard}.
     */
    public Fisher until(double error) {
        run = run.until(error);
        return this;
    }

    /** The output that the likelihood is of, or any other value in the graph; needed where there are several outputs. */
    public Fisher output(String name) {
        output = Optional.of(name);
        return this;
    }

    /** Takes the output for logits though it looks like probabilities, which are refused otherwise. */
    public Fisher outputsAreLogits() {
        outputsAreLogits = true;
        return this;
    }

    /** How the output is a distribution of labels. */
    public Fisher likelihood(Likelihood distribution) {
        likelihood = distribution;
        return this;
    }

    /** Which Fisher. */
    public Fisher kind(FisherKind wanted) {
        kind = wanted;
        return this;
    }

    /** Only parameters in whose name {@code regex} is found. */
    public Fisher parameters(String regex) {
        parameters = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Epsilons, masks and other constants among the initializers too. */
    public Fisher includeConstants() {
        includeConstants = true;
        return this;
    }

    /** Initializers with the same values are one weight. */
    public Fisher tied() {
        tied = true;
        return this;
    }

    /** Examples at once; from a memory budget unless given. The result does not depend on it beyond rounding. */
    public Fisher batchSize(int examples) {
        batchSize = OptionalInt.of(examples);
        return this;
    }

    /** Where to run; a CUDA device where there is one unless given. */
    public Fisher device(Device wanted) {
        device = wanted;
        return this;
    }

    /** Threads of one operator; 0, as unless given, for one a core. */
    public Fisher threads(int count) {
        threads = count;
        return this;
    }

    /** Who is told what a user should know, such as arrays that were left out; nobody unless given. */
    public Fisher notices(Consumer<String> told) {
        notices = told;
        return this;
    }

    /** Who is told how it goes; nobody unless given. */
    public Fisher listener(FisherListener told) {
        listener = told;
        return this;
    }

    /**
     * Goes through the examples: all of them, unless {@link #until} ends it earlier.
     *
     * @return the diagonal, a mean over the examples, in memory
     * @throws SquisherException if model, examples and settings do not fit together, or a gradient is not finite
     */
    public FisherDiagonal compute() {
        if (run.shard().isPresent()) {
            throw new SquisherException(
                    "the Fisher of a shard alone is not that of the data: take its sums(), and merge"
                            + " those of all shards");
        }
        return sums().toDiagonal();
    }

    /**
     * Goes through the examples, or those of one {@link #shard}.
     *
     * @return the sums over them, in memory
     * @throws SquisherException as {@link #compute}
     */
    public FisherSums sums() {
        if (data.isEmpty() == arrays.isEmpty()) {
            throw new SquisherException("cannot compute the Fisher of '" + model
                    + "': give the examples either as a file, with data(npz), or as arrays, with array(name, values)");
        }
        OnnxFile file = OnnxFile.read(model);
        if (data.isEmpty()) {
            return estimate(file, Examples.of(ARRAYS, arrays, shared).withAxes(exampleAxes));
        }
        try (DataFiles npz = DataFiles.open(data)) {
            return estimate(file, npz.examples(new TakenArrays(file, labels, shared, exampleAxes), notices));
        }
    }

    private FisherSums estimate(OnnxFile file, Examples all) {
        Examples numbered = ids.map(all::numberedBy).orElse(all);
        Examples limited = limit.isPresent() ? numbered.limit(limit.getAsLong()) : numbered;
        FisherRequest request = new FisherRequest(
                file,
                run.shard().map(shard -> shard.of(limited)).orElse(limited),
                labels,
                output,
                outputsAreLogits,
                likelihood,
                kind,
                parameters,
                includeConstants,
                tied,
                batchSize,
                new RuntimeSettings(device, threads, notices));
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            return estimator.run(listener, run);
        }
    }

    /**
     * Computes the sums and writes them, whole or not at all, for {@link #merge}.
     *
     * @param target a file; neither the model nor the data
     * @return what was written
     * @throws SquisherException as {@link #compute}, and if the file cannot be written
     */
    public FisherSums writeSumsTo(Path target) {
        OutputFile.check(target, Set.of(target), inputs(), List.of());
        FisherSums sums = sums();
        sums.write(target);
        return sums;
    }

    /**
     * Adds the sums of all shards and writes their Fisher, whole or not at all.
     *
     * @param parts files of {@link #writeSumsTo}, in any order
     * @param target a safetensors file
     * @throws SquisherException if parts are of different estimations, overlap or are missing, or the file cannot be written
     */
    public static void merge(List<Path> parts, Path target) {
        OutputFile.requireSafetensors(target, "a Fisher");
        OutputFile.check(target, Set.of(target), parts, List.of());
        try (FisherMerge merge = FisherMerge.open(parts)) {
            merge.requireAll();
            FisherFile.write(target, merge.sums().toDiagonal());
        }
    }

    private List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(List.of(model));
        inputs.addAll(DataPaths.expand(data));
        return inputs;
    }

    /**
     * Computes the Fisher and writes it, whole or not at all.
     *
     * @param target a safetensors file; neither the model nor the data
     * @return what was written
     * @throws SquisherException as {@link #compute}, and if the file cannot be written
     */
    public FisherDiagonal writeTo(Path target) {
        OutputFile.requireSafetensors(target, "a Fisher");
        OutputFile.check(target, Set.of(target), inputs(), List.of());
        FisherDiagonal diagonal = compute();
        FisherFile.write(target, diagonal);
        return diagonal;
    }

    /** What is estimated. */
    @Override
    public String toString() {
        return "Fisher of " + model + ": call compute() or writeTo(file)";
    }
}
