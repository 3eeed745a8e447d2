package io.squisher.apps.cli.command.embed;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.files.AtomicFile;
import io.squisher.format.npy.NpyWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Options;

/** {@code squisher embed}: a task as a vector. */
public final class EmbedCommand implements WritingCommand {
    @Override
    public String name() {
        return "embed";
    }

    @Override
    public String summary() {
        return "Turn a task's Fisher into its embedding: means over filters or tensors";
    }

    @Override
    public String arguments() {
        return "--fisher F -o E.npy";
    }

    @Override
    public Options options() {
        return EmbeddingOptions.declare()
                .addOption(Flags.value(
                        "fisher", "FILE", Domain.PATH, "the Fisher or Squisher of the probe network on the task"))
                .addOption(Flags.json())
                .addOption(Flags.output(
                        OutputKind.EMBEDDING, "the embedding: .npy for numpy, or .json, which 'similarity' reads"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("for numpy", "embed --fisher task.safetensors --exclude head -o task.npy"),
                new Example("to keep beside others", "embed --fisher task.safetensors --exclude head -o task.json"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        values.noArguments();
        Path fisher = values.requiredPath("fisher");
        EmbeddingOptions options = EmbeddingOptions.of(values);
        TaskEmbedding embedding = options.embed(fisher, job.console());
        Report report = Report.of(Counted.of(embedding.values().length, "number") + " from "
                        + Counted.of(embedding.groups().size(), "tensor"))
                .field("length", embedding.values().length)
                .field("source", embedding.source())
                .field("variant", options.variant());
        return job.finish(report, output -> write(embedding, options, output.path()));
    }

    private static void write(TaskEmbedding embedding, EmbeddingOptions options, Path file) {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
            NpyWriter.write(file, Tensor.of(Shape.of(embedding.values().length), embedding.values()));
        } else {
            AtomicFile.write(file, options.toJson(embedding).toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
