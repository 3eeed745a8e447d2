package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command with every kind of wrong input: one line that says what is wrong, exit code 1 or 2, nothing left behind. */
class BadInputTest {
    /** Sound command lines over the files that {@link #makeFiles} makes; words with a dot are files. */
    private static final List<String> SOUND = List.of(
            "merge --model a.onnx --fisher f.safetensors --model b.onnx --fisher g.safetensors --floor-value 1 -o out/m.onnx",
            "merge --method ubgm --base a.onnx --base-fisher f.safetensors --model b.onnx --fisher g.safetensors"
                    + " --model b.onnx --fisher g.safetensors --alpha 1 -o out/m.onnx",
            "merge --method dare --density 0.5 --base a.onnx --model b.onnx --fisher g.safetensors"
                    + " --model b.onnx --fisher g.safetensors -o out/m.onnx",
            "merge --recipe r.yaml -o out/m.onnx",
            "merge --method average --search grid --trials 2 --validation d.npz --model a.onnx --model b.onnx -o out/m.onnx",
            "prune a.onnx --fisher f.safetensors --sparsity 0.5 --mask-out out/mask.safetensors -o out/p.onnx",
            "prune a.onnx --fisher f.safetensors --structured filters --sparsity 0.5 -o out/p.onnx",
            "compress a.onnx --fisher f.safetensors --budget 0.5 -o out/c.onnx",
            "mask --fisher f.safetensors --keep 0.5 -o out/mask.safetensors",
            "reset a.onnx --base b.onnx --mask m.safetensors -o out/r.onnx",
            "delta a.onnx --base b.onnx -o out/d.safetensors",
            "apply b.onnx --delta d.safetensors -o out/a.onnx",
            "embed --fisher f.safetensors -o out/e.npy",
            "similarity f.safetensors e.json --plot out/p.png",
            "ewc --model a.onnx --fisher f.safetensors --model b.onnx --fisher g.safetensors --lambda 1"
                    + " --anchor-out out/anchor.safetensors -o out/f.safetensors",
            "compare f.safetensors g.safetensors --rtol 1",
            "inspect a.onnx",
            "evaluate a.onnx --data d.npz --limit 2",
            "fisher a.onnx --data d.npz --limit 2 -o out/f.safetensors");

    private static final String RECIPE = """
            models:
              - {model: a.onnx, fisher: f.safetensors}
              - {model: b.onnx, fisher: g.safetensors}
            """;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Fixtures.copyTwice("lenet_cnn", folder);
        Files.writeString(folder.resolve("r.yaml"), RECIPE);
        done("mask --fisher f.safetensors --keep 0.5 -o m.safetensors");
        done("delta a.onnx --base b.onnx -o d.safetensors");
        done("embed --fisher f.safetensors -o e.json");
        for (String sound : SOUND) {
            done(sound);
        }
        clearOutput();
    }

    private static Run run(String commandLine) {
        return Run.of(Stream.concat(
                        Arrays.stream(commandLine.split(" "))
                                .map(word ->
                                        word.contains(".") && !word.matches("[0-9.]+") ? folder.resolve(word) : word),
                        Stream.of("--quiet"))
                .toArray());
    }

    private static void done(String commandLine) {
        Run run = run(commandLine);
        assertEquals(0, run.exitCode(), commandLine + ": " + run.err());
    }

    private static void clearOutput() throws IOException {
        for (Path file : files()) {
            if (file.getParent().endsWith("out")) {
                Files.delete(file);
            }
        }
    }

    private static TreeSet<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new TreeSet<>(files.toList());
        }
    }

    private static void assertRefused(String commandLine) throws IOException {
        TreeSet<Path> before = files();
        Run run = run(commandLine);
        assertTrue(run.exitCode() == 1 || run.exitCode() == 2, commandLine + " gave " + run.exitCode());
        List<String> lines = run.err()
                .lines()
                .filter(line -> !line.startsWith("squisher: warning: "))
                .toList();
        String all = String.join("\n", lines);
        assertEquals(1, lines.size(), commandLine + ": " + all);
        assertFalse(all.contains("\\u"), commandLine + ": " + all);
        assertTrue(lines.get(0).startsWith("squisher: "), commandLine + ": " + all);
        assertFalse(all.contains("unexpected java") || all.contains("Exception"), commandLine + ": " + all);
        assertTrue(lines.get(0).length() > 25, commandLine + ": " + all);
        assertEquals("", run.out(), commandLine);
        assertEquals(before, files(), commandLine);
    }

    static Stream<Arguments> inputs() {
        return SOUND.stream().flatMap(line -> Arrays.stream(line.split(" "))
                .filter(word -> word.matches("\\w+\\.[a-z]+"))
                .distinct()
                .map(file -> Arguments.of(line, file)));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void refusesDamagedFiles(String line, String file) throws IOException {
        byte[] sound = Files.readAllBytes(folder.resolve(file));
        for (Damage damage : Damage.values()) {
            if (damage == Damage.LONGEST_HEADER && file.endsWith(".npz")) {
                continue; // An archive is read from its end.
            }
            Path place = Files.createDirectories(folder.resolve("damaged")).resolve(file);
            damage.inflict(sound, place);
            String damaged = " " + line + " ";
            assertRefused(
                    damaged.replace(" " + file + " ", " damaged/" + file + " ").strip());
            Files.deleteIfExists(place);
        }
    }

    static Stream<String> misuses() {
        List<String> misuses = new ArrayList<>();
        for (String line : SOUND) {
            misuses.add(line + " --frobnicate");
            misuses.add(line.startsWith("similarity") ? line + " nothing.json" : line + " surplus");
            misuses.add(line.split(" ")[0]);
            misuses.add(line + " --exclude");
            if (line.contains("out/")) {
                misuses.add(line.replace("out/", "nowhere/"));
            }
            if (line.contains(" -o ")) {
                misuses.add(line.replaceFirst(" -o \\S+", ""));
                misuses.add(line.replaceFirst("-o \\S+", "-o out.d/x.d").replace("out.d/x.d", "."));
            }
            if (line.matches(".* [0-9.]+( .*|)")) {
                misuses.add(line.replaceAll(" [0-9][0-9.]*(?= |$)", " much"));
                misuses.add(line.replaceAll(" [0-9][0-9.]*(?= |$)", " -3"));
            }
        }
        return misuses.stream();
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void refusesMisuse(String line) throws IOException {
        assertRefused(line);
    }

    static Stream<Arguments> takersOfFishers() {
        return SOUND.stream()
                .filter(line -> line.contains(" f.safetensors") && !line.contains("--structured"))
                .flatMap(line ->
                        Stream.of(Double.NaN, Double.POSITIVE_INFINITY, -1e-3).map(value -> Arguments.of(line, value)));
    }

    @ParameterizedTest
    @MethodSource("takersOfFishers")
    void refusesWhatNoFisherHoldsWithTheTensorsName(String line, double value) throws IOException {
        try (FisherFile exact = FisherFile.open(folder.resolve("f.safetensors"))) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(exact.diagonal().tensors());
            double[] values = tensors.get("7.weight").toDoubles();
            values[5] = value;
            tensors.put("7.weight", Tensor.of(tensors.get("7.weight").shape(), values));
            Path wrong = folder.resolve("wrong.safetensors");
            FisherFile.write(wrong, new FisherDiagonal(tensors, exact.diagonal().provenance()));
        }
        String wrongLine = line.replaceFirst(" f\\.safetensors", " wrong.safetensors");
        assertRefused(wrongLine);
        String message = run(wrongLine).err();
        assertTrue(message.contains("wrong.safetensors': tensor '7.weight' has " + value + " at element 5"), message);
        clearOutput();
    }
}
