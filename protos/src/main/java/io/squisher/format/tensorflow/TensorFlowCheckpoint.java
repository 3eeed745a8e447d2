package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.files.Opening;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A TensorFlow checkpoint or SavedModel: of TensorFlow Java, TensorFlow 1, or objects of TensorFlow 2 and Keras. */
public final class TensorFlowCheckpoint implements Checkpoint {
    private final BundleFile file;
    private final ObjectNames graph;
    private final boolean byFullName;

    private TensorFlowCheckpoint(BundleFile file) {
        this.file = file;
        this.graph = ObjectNames.of(file);
        Set<String> variables = new TreeSet<>(file.names());
        variables.removeIf(key -> ObjectSlots.isOptimizers(key, graph));
        this.byFullName = !graph.isEmpty() && graph.areUnique(variables);
    }

    /** Whether {@code path} is a file of a checkpoint, their prefix, the folder of a SavedModel, or one that holds checkpoints. */
    public static boolean recognises(Path path) {
        return BundlePaths.recognises(path);
    }

    /** Opens a checkpoint. */
    public static TensorFlowCheckpoint open(Path path) {
        try (Opening opening = new Opening()) {
            return opening.keep(new TensorFlowCheckpoint(opening.add(BundleFile.open(BundlePaths.index(path)))));
        }
    }

    /** Whether a path is a shard of a checkpoint, or TensorFlow 1's graph, with the index beside it. */
    public static boolean isPart(Path path) {
        return BundlePaths.isOtherFile(path);
    }

    /** What a file or folder lacks that is a part of a checkpoint; empty if it is none. */
    public static Optional<String> incomplete(Path path) {
        return BundlePaths.incomplete(path);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String format() {
        return BundleFile.FORMAT;
    }

    @Override
    public OptimizerState optimizer() {
        Optional<OptimizerState> objects =
                graph.isEmpty() ? Optional.empty() : new ObjectSlots(file, this::name, graph).read();
        return objects.or(() -> new GraphSlots(file).read())
                .orElseThrow(() -> new SquisherException("cannot convert '" + path() + "': it has no variables that are"
                        + " known as accumulators of squared gradients; 'squisher inspect' lists what it has"));
    }

    private String name(String key) {
        return byFullName ? graph.name(key) : ObjectNames.path(key);
    }

    @Override
    public Optional<WeightSource> weights() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        TensorFlowRoles roles = new TensorFlowRoles(file, graph);
        for (String key : file.names()) {
            if (!roles.isOptimizers(key)) {
                tensors.put(name(key), file.tensor(key));
            }
        }
        return tensors.isEmpty() ? Optional.empty() : Optional.of(new Weights(file, tensors));
    }

    @Override
    public void close() {
        file.close();
    }

    private static final class Weights extends NamedTensors {
        private final BundleFile file;

        Weights(BundleFile file, Map<String, Tensor> tensors) {
            super(file.path(), new TensorFlowFormat(), tensors);
            this.file = file;
        }

        @Override
        public Role role(String name) {
            return TensorFlowRoles.isStatistic(name) ? Role.STATISTIC : super.role(name);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
