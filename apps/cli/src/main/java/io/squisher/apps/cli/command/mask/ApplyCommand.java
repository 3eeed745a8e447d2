package io.squisher.apps.cli.command.mask;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.output.Report;
import io.squisher.mask.DeltaFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.RenamedWeights;
import io.squisher.weights.Renaming;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher apply}: a base and a delta back into a model. */
public final class ApplyCommand implements WritingCommand {
    @Override
    public String name() {
        return "apply";
    }

    @Override
    public String summary() {
        return "Put a delta onto its base: the fine-tuned model, bit for bit";
    }

    @Override
    public String arguments() {
        return "BASE --delta DELTA -o OUT";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("delta", "FILE", Domain.PATH, "what 'squisher delta' wrote"))
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the model, in the format of BASE"));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example("a task's model", "apply base.onnx --delta task.safetensors -o tuned.onnx"));
    }

    @Override
    public ExitCode make(Job job) {
        Path base = job.values().arguments("BASE").get(0);
        Path deltaPath = job.values().requiredPath("delta");
        try (OpenModels open =
                        OpenModels.open(ModelOptions.of(base), job.values().place(), NameMatching.none(job.console()));
                DeltaFile delta = DeltaFile.open(deltaPath)) {
            Map<String, Tensor> tensors =
                    applied(job, delta, deltaPath, open.models().get(0).weights());
            Report report = Report.of(Counted.of(tensors.size(), "tensor") + " changed")
                    .field("changed_tensors", tensors.size())
                    .field("model_hash", delta.modelHash());
            return job.finish(report, output -> open.writeLikeFirst(output, tensors, Map.of(), job.console()));
        }
    }

    /** The changed tensors under the base's names, of which the delta was made from perhaps without a wrapper's words. */
    private static Map<String, Tensor> applied(Job job, DeltaFile delta, Path label, WeightSource base) {
        NameMatching matching = NameMatching.of(job.values(), job.console());
        Optional<Renaming> renaming = matching.between(base, label.toString(), delta.names());
        matching.requireUsed();
        return renaming.map(
                        found -> found.of(delta.applyTo(new RenamedWeights(base, found.inverseForAll(base.names())))))
                .orElseGet(() -> delta.applyTo(base));
    }
}
