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
import io.squisher.mask.Difference;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code squisher delta}: a fine-tuned model as the difference to its base. */
public final class DeltaCommand implements WritingCommand {
    @Override
    public String name() {
        return "delta";
    }

    @Override
    public String summary() {
        return "Store a sparsely fine-tuned model as the difference to its base";
    }

    @Override
    public String arguments() {
        return "MODEL --base M0 -o DELTA";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("base", "FILE", Domain.PATH, "the model that MODEL was fine-tuned from"))
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.DELTA, "the delta: which parameters differ, and their values"));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "what a masked training changed", "delta sparse-tuned.onnx --base base.onnx -o task.safetensors"));
    }

    @Override
    public ExitCode make(Job job) {
        Path model = job.values().arguments("MODEL").get(0);
        Path base = job.values().requiredPath("base");
        // The delta is applied to the base, so it has the base's names.
        try (OpenModels open =
                OpenModels.open(ModelOptions.of(base, model), NameMatching.of(job.values(), job.console()))) {
            Difference difference = Difference.of(
                    open.models().get(1).weights(), open.models().get(0).weights());
            Report report = Report.of(
                            difference.changed() + " of " + Counted.of(difference.total(), "element") + " differ")
                    .field("changed", difference.changed())
                    .field("total", difference.total());
            return job.finish(report, output -> difference.write(output.path()));
        }
    }
}
