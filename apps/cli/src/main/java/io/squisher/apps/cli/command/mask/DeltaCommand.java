package io.squisher.apps.cli.command.mask;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.internal.gson.JsonObject;
import io.squisher.mask.DeltaFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher delta}: a fine-tuned model as the difference to its base. */
public final class DeltaCommand implements Command {
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
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        Path model = values.arguments("MODEL").get(0);
        Path base = values.requiredPath("base");
        Output output = values.output();
        List<ModelOptions> files =
                List.of(new ModelOptions(base, Optional.empty(), 1), new ModelOptions(model, Optional.empty(), 1));
        // The delta is applied to the base, so it has the base's names.
        try (OpenModels open = OpenModels.open(files, NameMatching.of(values, console))) {
            DeltaFile.Extent extent = DeltaFile.write(
                    output.path(),
                    open.models().get(1).weights(),
                    open.models().get(0).weights());
            console.print(output.wrote() + ": " + extent.changed() + " of " + extent.total() + " elements differ");
            JsonObject document = new JsonObject();
            document.addProperty("output", output.toString());
            document.addProperty("changed", extent.changed());
            document.addProperty("total", extent.total());
            console.printJson(document);
        }
        return ExitCode.DONE;
    }
}
