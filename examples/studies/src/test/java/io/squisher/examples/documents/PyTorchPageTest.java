package io.squisher.examples.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.apps.cli.Main;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The EWC penalty of docs/pytorch.md, as PyTorch computes it from our two files. */
@Tag("slow")
class PyTorchPageTest {
    private static final Path PAGE = Path.of("../../docs/pytorch.md");
    private static final String SCRIPT = "src/test/scripts/penalty_of_page.py";

    @TempDir
    Path folder;

    @Test
    void pyTorchGetsThePenaltyThatTheCommandPrints() throws IOException, InterruptedException {
        String python = pythonWithTorch();
        DocumentPage page = DocumentPage.read(PAGE);
        Path samples = folder.resolve("samples");
        List<String> commands = page.commands().stream()
                .filter(command -> command.matches("squisher (samples|convert|ewc) .*"))
                .toList();
        assertEquals(3, commands.size(), commands.toString());
        run(commands.get(0).split(" ")[1], samples.toString());
        for (String command : commands.subList(1, 3)) {
            run(words(command, samples));
        }
        Files.writeString(samples.resolve("penalty.py"), page.files().get("penalty.py"));

        Path script = Path.of(SCRIPT).toAbsolutePath();
        JsonObject seen = JsonParser.parseString(output(List.of(python, script.toString()), samples))
                .getAsJsonObject();

        double penalty = penaltyByTheCommand(commands.get(2), samples);
        assertTrue(penalty > 0, "penalty " + penalty);
        assertEquals(penalty, seen.get("penalty").getAsDouble(), 1e-5 * penalty);
        assertEquals(0, seen.get("gradient").getAsDouble(), 1e-4);
    }

    /** What {@code ewc --at} prints for the anchor's weights, each moved by 0.1. */
    private double penaltyByTheCommand(String command, Path samples) {
        Path moved = samples.resolve("moved.safetensors");
        Map<String, Tensor> tensors = new TreeMap<>();
        try (SafetensorsFile anchor = SafetensorsFile.open(samples.resolve("held-anchor.safetensors"))) {
            anchor.tensors().forEach((name, tensor) -> {
                double[] values = tensor.toDoubles();
                Arrays.setAll(values, i -> values[i] + 0.1);
                tensors.put(name, Tensor.of(tensor.shape(), values));
            });
            SafetensorsWriter.write(moved, tensors, Map.of());
        }
        List<String> words = new ArrayList<>(List.of(words(command, samples)));
        words.addAll(List.of("--at", moved.toString()));
        String said = run(words.toArray(String[]::new));
        Matcher line =
                Pattern.compile("penalty at \\S*moved.safetensors: (\\S+)").matcher(said);
        assertTrue(line.find(), said);
        return Double.parseDouble(line.group(1));
    }

    private static String[] words(String command, Path samples) {
        return Arrays.stream(command.split(" "))
                .skip(1)
                .map(word -> word.matches(".*\\.(pt|safetensors)")
                        ? samples.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
    }

    private static String run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                words);
        assertEquals(0, code, List.of(words) + ": " + err.toString(StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String pythonWithTorch() throws InterruptedException {
        for (String candidate : List.of("python3", "/usr/bin/python3")) {
            try {
                Process process = new ProcessBuilder(candidate, "-c", "import torch")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0) {
                    return candidate;
                }
            } catch (IOException e) {
                // Not installed: the next one may be.
            }
        }
        assumeTrue(false, "no python3 with torch: install Debian's python3-torch");
        return "";
    }

    private static String output(List<String> command, Path place) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }
}
