package io.squisher.apps.cli.command.mask;

import io.squisher.Counted;
import io.squisher.Version;
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
import io.squisher.apps.mask.Reset;
import io.squisher.internal.gson.JsonObject;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code squisher reset}: a fine-tuned model of which only the masked parameters are kept. */
public final class ResetCommand implements WritingCommand {
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
    public ExitCode make(Job job) {
        Path model = job.values().arguments("MODEL").get(0);
        Path base = job.values().requiredPath("base");
        Path maskPath = job.values().requiredPath("mask");
        NameMatching matching = NameMatching.of(job.values(), job.console());
        try (OpenModels open = OpenModels.open(
                        ModelOptions.of(model, base), job.values().place(), matching);
                MaskFile mask = MaskFile.open(maskPath)) {
            WeightSource tuned = open.models().get(0).weights();
            Map<String, Tensor> masks = matching.matched(tuned, maskPath.toString(), mask.masks());
            Map<String, Tensor> tensors = Reset.plan(tuned, open.models().get(1).weights(), masks);
            JsonObject variant = new JsonObject();
            variant.addProperty("base", base.getFileName().toString());
            variant.addProperty("mask", maskPath.getFileName().toString());
            variant.addProperty("tool_version", Version.text());
            Map<String, String> metadata = Map.of("squisher.reset", variant.toString());
            Report report = Report.of(Counted.of(tensors.size(), "parameter") + " reset outside the mask")
                    .fields(variant);
            return job.finish(report, output -> open.writeLikeFirst(output, tensors, metadata, job.console()));
        }
    }
}
