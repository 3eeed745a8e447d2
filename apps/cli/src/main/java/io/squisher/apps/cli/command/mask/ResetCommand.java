package io.squisher.apps.cli.command.mask;

import io.squisher.Version;
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
import io.squisher.apps.mask.Reset;
import io.squisher.internal.gson.JsonObject;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher reset}: a fine-tuned model of which only the masked parameters are kept. */
public final class ResetCommand implements Command {
    @Override
    public String name() {
        return "reset";
    }

    @Override
    public String summary() {
        return "Reset a fine-tuned model to its base outside a mask";
    }

    @Override
    public String arguments() {
        return "MODEL --base M0 --mask MASK -o OUT";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("base", "FILE", Domain.PATH, "the model that MODEL was fine-tuned from"))
                .addOption(
                        Flags.value("mask", "FILE", Domain.PATH, "the mask; where it is 1 the fine-tuned value stays"))
                .addOption(Flags.bare("dry-run", "check and report, write nothing"))
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the model after the reset, in the format of MODEL"));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "keep what the mask selects",
                "reset tuned.onnx --base base.onnx --mask mask.safetensors -o sparse-tuned.onnx"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        Path model = values.arguments("MODEL").get(0);
        Path base = values.requiredPath("base");
        Path maskPath = values.requiredPath("mask");
        Optional<Output> output = values.outputUnlessDryRun();
        List<ModelOptions> files =
                List.of(new ModelOptions(model, Optional.empty(), 1), new ModelOptions(base, Optional.empty(), 1));
        NameMatching matching = NameMatching.of(values, console);
        try (OpenModels open = OpenModels.open(files, output, matching);
                MaskFile mask = MaskFile.open(maskPath)) {
            WeightSource tuned = open.models().get(0).weights();
            Map<String, Tensor> masks = matching.matched(tuned, maskPath.toString(), mask.masks());
            Map<String, Tensor> tensors = Reset.plan(tuned, open.models().get(1).weights(), masks);
            JsonObject document = new JsonObject();
            document.addProperty("base", base.getFileName().toString());
            document.addProperty("mask", maskPath.getFileName().toString());
            document.addProperty("tool_version", Version.text());
            Map<String, String> metadata = Map.of("squisher.reset", document.toString());
            output.ifPresent(target -> open.writeLikeFirst(target, tensors, metadata, console));
            console.print(output.map(file -> file.wrote() + ": ").orElse("dry run: ") + tensors.size()
                    + " parameters reset outside the mask");
            output.ifPresent(path -> document.addProperty("output", path.toString()));
            console.printJson(document);
        }
        return ExitCode.DONE;
    }
}
