package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.option.Domain;
import io.squisher.cases.SomeOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Every option of every command with values that nobody should give: one line that says what is wrong, and no name of a Java
 * class. A value that an option does take, such as a large seed, may do its work.
 */
class HostileOptionsTest {
    /** A sound command line for each command, to which an option is added; words with a dot are files. */
    private static final Map<String, String> SOUND = Map.ofEntries(
            Map.entry("apply", "b.onnx --delta d.safetensors --dry-run"),
            Map.entry("compare", "f.safetensors g.safetensors"),
            Map.entry("completion", "zsh"),
            Map.entry("compress", "a.onnx --fisher f.safetensors --budget 0.5 --dry-run"),
            Map.entry("convert", "adam.pt --dry-run"),
            Map.entry("delta", "a.onnx --base b.onnx -o out/d.safetensors"),
            Map.entry("embed", "--fisher f.safetensors -o out/e.npy"),
            Map.entry("evaluate", "a.onnx --data d.npz --limit 2"),
            Map.entry("examples", "a.onnx --data d.npz --limit 2 -o out/s.npy"),
            Map.entry(
                    "laplace",
                    "a.onnx --fisher f.safetensors --validation d.npz --data d.npz --limit 3 --prior 1 --examples 10"
                            + " --dry-run"),
            Map.entry("ewc", "--model a.onnx --fisher f.safetensors --dry-run"),
            Map.entry("fisher", "a.onnx --data d.npz --limit 2 -o out/f.safetensors"),
            Map.entry("fisher-graph", "a.onnx --data d.npz --limit 2 -o out/g.onnx"),
            Map.entry("fisher-merge", "p.sums -o out/f.safetensors"),
            Map.entry("inspect", "f.safetensors"),
            Map.entry("man", "merge"),
            Map.entry("map", "f.safetensors --weights a.onnx --to b.onnx --dry-run"),
            Map.entry("mask", "--fisher f.safetensors --keep 0.5 --dry-run"),
            Map.entry(
                    "merge",
                    "--model a.onnx --fisher f.safetensors --model b.onnx --fisher g.safetensors --method fisher"
                            + " --dry-run"),
            Map.entry("prune", "a.onnx --fisher f.safetensors --sparsity 0.5 --dry-run"),
            Map.entry("quantize", "a.onnx --format int8-channel --dry-run"),
            Map.entry("report", "f.safetensors --against g.safetensors --model a.onnx -o out/r.html"),
            Map.entry("reset", "a.onnx --base b.onnx --mask m.safetensors --dry-run"),
            Map.entry("sensitivity", "f.safetensors --weights a.onnx --budget 9 --dry-run"),
            Map.entry("similarity", "f.safetensors e.json"),
            Map.entry("membership", "a.onnx --data d.npz --members d.npz --others d.npz --limit 2"),
            Map.entry("train", "a.onnx --data d.npz --limit 2 --epochs 1 --dry-run"),
            Map.entry("unlearn", "a.onnx --fisher f.safetensors --forget g.safetensors --dry-run"));

    /** Options that say where to write: a hostile name may be a sound one for a file, which must land in the test's folder. */
    private static final Set<String> OUTPUTS =
            Set.of("out", "anchor-out", "checkpoints", "gradients-out", "mask-out", "plot", "report", "tables-out");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Fixtures.copyTwice("mlp_relu", folder);
        Files.copy(Path.of("../../protos/src/test/resources/pytorch/adam.pt"), folder.resolve("adam.pt"));
        done("mask", "--fisher f.safetensors --keep 0.5 -o m.safetensors");
        done("delta", "a.onnx --base b.onnx -o d.safetensors");
        done("embed", "--fisher f.safetensors -o e.json");
        done("fisher", "a.onnx --data d.npz --limit 2 --shard 1/1 -o p.sums");
        SOUND.forEach(HostileOptionsTest::done);
    }

    private static void done(String command, String words) {
        Run run = run(command, words(words));
        assertEquals(0, run.exitCode(), command + " " + words + ": " + run.err());
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split(" "))
                .map(word ->
                        word.matches("[\\w/]+\\.[a-z]+") ? folder.resolve(word).toString() : word)
                .toList();
    }

    private static Run run(String command, List<String> words) {
        return Run.of(Stream.of(Stream.of(command), words.stream(), Stream.of("--quiet"))
                .flatMap(all -> all)
                .toArray());
    }

    static Stream<Arguments> options() {
        return StreamSupport.stream(ServiceLoader.load(Command.class).spliterator(), false)
                .flatMap(command -> command.options().getOptions().stream()
                        .filter(Option::hasArg)
                        .map(option -> Arguments.of(command.name(), option.getLongOpt(), option)));
    }

    @ParameterizedTest(name = "{0} --{1}")
    @SomeOf("options")
    void everyValueIsDoneOrRefusedInOneLine(String command, String name, Option option) {
        for (String hostile : HostileValues.VALUES) {
            List<String> words = new ArrayList<>(withoutOption(words(SOUND.get(command)), option));
            words.add("--" + name + "=" + (OUTPUTS.contains(name) ? inFolder(hostile) : hostile));
            HostileValues.assertOneLine(run(command, words), command + " --" + name + " '" + hostile + "'");
        }
    }

    @ParameterizedTest(name = "{0} --{1}")
    @SomeOf("options")
    void anOptionOfOneValueTakesNoSecond(String command, String name, Option option) {
        boolean repeatable = option.getConverter() instanceof Domain<?> domain && domain.isRepeatable();
        List<String> words = new ArrayList<>(withoutOption(words(SOUND.get(command)), option));
        String value = OUTPUTS.contains(name) ? inFolder("1") : "1";
        words.add("--" + name + "=" + value);
        words.add("--" + name + "=" + value);
        Run run = run(command, words);
        HostileValues.assertOneLine(run, command + " --" + name);
        boolean refused = run.err().contains(" is given twice, and takes one value");
        boolean wrongValue = run.err().contains(" takes ") || run.err().contains(" is no device");
        assertTrue(repeatable || refused || wrongValue, run.err());
    }

    private static String inFolder(String name) {
        return name.isEmpty() ? name : folder.resolve("out") + "/" + name;
    }

    /** The option itself must not be there twice. */
    private static List<String> withoutOption(List<String> words, Option option) {
        List<String> without = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--" + option.getLongOpt()) || words.get(i).equals("-" + option.getOpt())) {
                i++;
            } else {
                without.add(words.get(i));
            }
        }
        return without;
    }

    static Stream<String> commands() {
        return SOUND.keySet().stream().sorted();
    }

    @ParameterizedTest
    @SomeOf("commands")
    void everyWordIsDoneOrRefusedInOneLine(String command) {
        List<String> words = words(SOUND.get(command));
        for (int i = 0; i < words.size(); i++) {
            for (String hostile : HostileValues.VALUES) {
                List<String> changed = new ArrayList<>(words);
                changed.set(i, i > 0 && words.get(i - 1).equals("-o") ? inFolder(hostile) : hostile);
                HostileValues.assertOneLine(run(command, changed), command + " " + changed);
            }
        }
    }
}
