package io.squisher.apps.cli.command.embed;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.files.AtomicFile;
import io.squisher.format.npy.NpyWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher embed}: a task as a vector. */
public final class EmbedCommand implements Command {
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
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        values.noArguments();
        Path fisher = values.requiredPath("fisher");
        Output output = values.output();
        EmbeddingOptions options = EmbeddingOptions.of(values);
        TaskEmbedding embedding = options.embed(fisher, console);
        if (output.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
            NpyWriter.write(output.path(), Tensor.of(Shape.of(embedding.values().length), embedding.values()));
        } else {
            String json = options.toJson(embedding).toString();
            AtomicFile.write(output.path(), json.getBytes(StandardCharsets.UTF_8));
        }
        console.print(output.wrote() + ": " + embedding.values().length + " numbers from "
                + embedding.groups().size() + " tensors");
        JsonObject document = new JsonObject();
        document.addProperty("output", output.toString());
        document.addProperty("length", embedding.values().length);
        document.addProperty("source", embedding.source());
        document.add("variant", options.variant());
        console.printJson(document);
        return ExitCode.DONE;
    }
}
