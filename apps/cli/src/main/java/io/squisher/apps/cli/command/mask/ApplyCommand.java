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
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher apply}: a base and a delta back into a model. */
public final class ApplyCommand implements Command {
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
                .addOption(Flags.bare("dry-run", "check and report, write nothing"))
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the model, in the format of BASE"));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example("a task's model", "apply base.onnx --delta task.safetensors -o tuned.onnx"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        Path base = values.arguments("BASE").get(0);
        Path deltaPath = values.requiredPath("delta");
        Optional<Output> output = values.outputUnlessDryRun();
        try (OpenModels open = OpenModels.open(
                        List.of(new ModelOptions(base, Optional.empty(), 1)),
                        output,
                        NameMatching.of(values, console));
                DeltaFile delta = DeltaFile.open(deltaPath)) {
            Map<String, Tensor> tensors = delta.applyTo(open.models().get(0).weights());
            output.ifPresent(target -> open.writeLikeFirst(target, tensors, Map.of(), console));
            console.print(
                    output.map(file -> file.wrote() + ": ").orElse("dry run: ") + tensors.size() + " tensors changed");
            JsonObject document = new JsonObject();
            output.ifPresent(path -> document.addProperty("output", path.toString()));
            document.addProperty("changed_tensors", tensors.size());
            document.addProperty("model_hash", delta.modelHash());
            console.printJson(document);
        }
        return ExitCode.DONE;
    }
}
