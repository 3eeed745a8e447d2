package io.squisher.distribution;

import io.squisher.apps.cli.Main;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs short command lines in one process, so that Java can list the classes that they load. No test: the profile
 * {@code dist} starts it.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Arguments: the folder of a model with its data, and a folder to write to. */
    public static void main(String[] arguments) {
        Path fixture = Path.of(arguments[0]);
        Path output = Path.of(arguments[1]);
        String model = fixture.resolve("model.onnx").toString();
        List<List<String>> lines = List.of(
                List.of("--version"),
                List.of("--help"),
                List.of("help", "fisher"),
                List.of("inspect", model),
                fisher(model, fixture.resolve("data.npz"), output.resolve("fisher.safetensors")),
                List.of("inspect", output.resolve("fisher.safetensors").toString()));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (List<String> line : lines) {
            int code = Main.run(nowhere, System.err, line.toArray(String[]::new));
            if (code != 0) {
                throw new IllegalStateException("exit code " + code + " of " + line);
            }
        }
    }

    private static List<String> fisher(String model, Path data, Path output) {
        return List.of(
                "fisher",
                model,
                "--data",
                data.toString(),
                "--output",
                "output",
                "--likelihood",
                "categorical",
                "--kind",
                "exact",
                "--force",
                "-o",
                output.toString());
    }
}
