package io.squisher.templates.checkpointtomerge;

import io.squisher.apps.convert.Conversion;
import io.squisher.apps.convert.ConversionOptions;
import io.squisher.apps.convert.ConversionPlan;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Two training checkpoints of Keras or PyTorch become one model, without either: their optimizers' accumulators are Fishers
 * that nobody has to compute. Where weights and optimizer are in two files (PyTorch), pass the weights' file as well:
 * {@code a-optimizer.pt:a-weights.pt}.
 */
public final class CheckpointToMerge {
    private CheckpointToMerge() {}

    /** Arguments: two checkpoints, and the file to write, in the format of the weights or as safetensors. */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("arguments: A.keras B.keras OUT.safetensors");
            return;
        }
        MergePlan plan = run(arguments[0], arguments[1], Path.of(arguments[2]));
        plan.warnings().forEach(System.err::println);
        System.out.println("merged " + plan.tensors().size() + " tensors into " + arguments[2]);
    }

    static MergePlan run(String first, String second, Path target) {
        try (Opened a = Opened.of(first);
                Opened b = Opened.of(second)) {
            FisherMethod method = new FisherMethod(FisherMergeOptions.PLAIN);
            MergePlan plan = Merge.plan(List.of(a.input(), b.input()), method, MergeOptions.DEFAULT);
            a.weights().format().write(target, a.weights(), plan.tensors(), plan.metadata());
            return plan;
        }
    }

    /** A checkpoint and the weights that belong to it. */
    private record Opened(Checkpoint checkpoint, Optional<WeightSource> apart) implements AutoCloseable {
        static Opened of(String paths) {
            int colon = paths.indexOf(':');
            Path checkpoint = Path.of(colon < 0 ? paths : paths.substring(0, colon));
            Optional<WeightSource> weights =
                    colon < 0 ? Optional.empty() : Optional.of(WeightFormats.open(Path.of(paths.substring(colon + 1))));
            return new Opened(CheckpointFormats.open(checkpoint), weights);
        }

        WeightSource weights() {
            return apart.or(checkpoint::weights).orElseThrow();
        }

        MergeInput input() {
            ConversionPlan squisher = Conversion.plan(checkpoint, apart, ConversionOptions.none());
            String label = checkpoint.path().toString();
            return new MergeInput(weights(), Optional.of(new NamedFisher(label, squisher.diagonal())), 1);
        }

        @Override
        public void close() {
            checkpoint.close();
            apart.ifPresent(WeightSource::close);
        }
    }
}
