package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.TrainedFiles;
import io.squisher.cases.SomeOf;
import io.squisher.format.SourceFiles;
import io.squisher.format.TargetFiles;
import io.squisher.report.PageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Every command over every pair of an input and an output, as its options declare them. A new command needs a line in
 * {@link #SOUND}, which is asked for, and nothing else.
 */
class OutputGuardTest {
    /** Sound command lines over the files of {@link GuardedFiles}; words with a slash are files. */
    private static final List<String> SOUND = List.of(
            "merge --model in/a.onnx --fisher in/f.safetensors --model in/b.onnx --fisher in/g.safetensors --report"
                    + " out/r.html -o out/m.onnx",
            "merge --method ubgm --base in/a.onnx --base-fisher in/f.safetensors --model in/b.onnx --fisher"
                    + " in/g.safetensors --model in/external.onnx --fisher in/g.safetensors --allow-other-model -o"
                    + " out/m.onnx",
            "merge --method ties --base in/a.onnx --model in/b.onnx --fisher in/g.safetensors"
                    + " --model in/external.onnx --fisher in/g.safetensors --allow-other-model -o out/m.onnx",
            "merge --recipe in/r.yaml -o out/m.onnx",
            "merge --method average --search grid --trials 2 --validation in/d.npz --model in/a.onnx --model in/b.onnx"
                    + " -o out/m.onnx",
            "merge --method average --model in/s.safetensors.index.json --model in/w.safetensors -o out/m.safetensors",
            "merge --method average --model in/s.safetensors.index.json --model in/w.safetensors --shard-range 1-2/2"
                    + " -o out/m.safetensors.index.json",
            "merge --method average --weights given --model in/external.onnx --model in/a.onnx -o out/m.onnx",
            "prune in/a.onnx --fisher in/f.safetensors --sparsity 0.5 --mask-out out/mask.safetensors --report"
                    + " out/r.html -o out/p.onnx",
            "prune in/external.onnx --method magnitude --sparsity 0.5 -o out/p.onnx",
            "prune in/hub --method magnitude --sparsity 0.5 --mask-out out/mask.safetensors -o out/p.safetensors",
            "prune in/s.safetensors.index.json --method random --sparsity 0.5 -o out/p.safetensors.index.json",
            "prune in/ck.index --method magnitude --sparsity 0.5 -o out/p.index",
            "prune in/a.onnx --fisher in/f.safetensors --structured filters --sparsity 0.5 --mask-out out/m.safetensors"
                    + " --report out/r.html"
                    + " -o out/p.onnx",
            "unlearn in/a.onnx --fisher in/f.safetensors --forget in/g.safetensors --alpha 0.5 -o out/u.onnx",
            "membership in/a.onnx --data in/d.npz --members in/d.npz --others in/more/e.npz --limit 2",
            "laplace in/a.onnx --fisher in/f.safetensors --validation in/more/e.npz --data in/d.npz --limit 5"
                    + " --examples 20 --plot out/r.png -o out/p.safetensors",
            "mask --fisher in/f.safetensors --keep 0.5 --report out/report.html -o out/mask.safetensors",
            "sensitivity in/f.safetensors --weights in/a.onnx --budget 9 --gradients-out out/g.safetensors -o"
                    + " out/p.json",
            "quantize in/a.onnx --plan in/p.json -o out/q.onnx",
            "quantize in/external.onnx --format int4-channel --as qdq -o out/q.onnx",
            "quantize in/hub --format table3-channel --fisher in/f.safetensors --tables-out out/t.safetensors -o"
                    + " out/q.safetensors",
            "compress in/a.onnx --fisher in/f.safetensors --budget 0.5 -o out/c.onnx",
            "compress in/external.onnx --method svd --budget 0.5 -o out/c.onnx",
            "reset in/a.onnx --base in/b.onnx --mask in/m.safetensors -o out/r.onnx",
            "delta in/a.onnx --base in/external.onnx -o out/d.safetensors",
            "apply in/b.onnx --delta in/delta.safetensors -o out/a.onnx",
            "embed --fisher in/f.safetensors -o out/e.npy",
            "embed --fisher in/f.safetensors -o out/e.json",
            "similarity in/f.safetensors in/e.json --transfer in/t.json --plot out/p.png --report out/r.html",
            "similarity in/f.safetensors in/e.json --plot out/p.svg",
            "ewc --model in/a.onnx --fisher in/f.safetensors --model in/b.onnx --fisher in/g.safetensors --at"
                    + " in/external.onnx --anchor-out out/anchor.safetensors --report out/r.html -o out/f.safetensors",
            "compare in/f.safetensors in/g.safetensors",
            "report in/f.safetensors in/g.safetensors --against in/f.safetensors --weights in/a.onnx"
                    + " --allow-other-model -o out/r.html",
            "report in/f.safetensors --model in/a.onnx --mask in/m.safetensors -o out/report.html",
            "completion bash",
            "man merge",
            "inspect in/a.onnx",
            "evaluate in/a.onnx --data in/d.npz --limit 2",
            "evaluate in/a.onnx --images in/p.csv",
            "fisher in/a.onnx --images in/p.csv -o out/f.safetensors",
            "train in/a.onnx --images in/p.csv --validation-images in/p.csv --epochs 1 -o out/t.onnx",
            "evaluate in/encoder.onnx --text in/q.tsv --tokenizer in/tokenizer.json",
            "fisher in/encoder.onnx --text in/q.tsv --tokenizer in/tokenizer.json -o out/f.safetensors",
            "train in/encoder.onnx --text in/q.tsv --validation-text in/v.tsv --tokenizer in/tokenizer.json --epochs 1"
                    + " -o out/t.onnx",
            "examples in/a.onnx --data in/d.npz --limit 2 --fisher in/f.safetensors -o out/s.npy",
            "examples in/a.onnx --data in/more/e.npz in/d.npz --limit 2 --diagonal in/g.safetensors -o out/s.npy",
            "fisher in/a.onnx --data in/d.npz --limit 2 --report out/r.html -o out/f.safetensors",
            "fisher in/external.onnx --data in/d.npz --limit 2 -o out/f.fisher",
            "fisher in/a.onnx --data in/d.npz --data in/more --shard 2/3 -o out/part.sums",
            "fisher in/a.onnx --data in/more/e.npz in/d.npz --limit 2 --until 0.5 -o out/f.safetensors",
            "fisher-merge in/part-2.sums in/part-1.sums -o out/f.safetensors",
            "fisher-merge in/part-2.sums -o out/f.sums",
            "fisher-graph in/a.onnx --data in/d.npz --limit 2 -o out/g.onnx",
            "train in/a.onnx --data in/d.npz --limit 2 --epochs 1 --mask in/m.safetensors --checkpoints out/kept"
                    + " --resume --report out/r.html -o out/t.onnx",
            "train in/external.onnx --data in/d.npz --validation in/more/e.npz --limit 2 --epochs 1 --ewc"
                    + " in/f.safetensors --anchor in/a.onnx --lambda 2 -o out/t.onnx",
            "convert in/adam.pt --model in/adam.pt -o out/s.safetensors",
            "convert in/adam.pt --names in/names.txt -o out/s.safetensors",
            "convert in/checkpoint-3 --batch-size 8 -o out/s.safetensors",
            "convert in/checkpoint-4 --batch-size 8 -o out/s.safetensors",
            "map in/s-adam.safetensors --weights in/adam.pt --to in/adam.pt -o out/s.safetensors");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        GuardedFiles.make(folder.resolve("in"));
        Files.createDirectory(folder.resolve("out"));
    }

    @AfterEach
    void clear() throws IOException {
        GuardedFiles.clear(folder.resolve("out"));
        GuardedFiles.clear(folder.resolve("links"));
    }

    static List<String> sound() {
        return SOUND;
    }

    static Stream<String> writing() {
        return SOUND.stream()
                .filter(line -> !SoundLine.of(line, folder).outputs().isEmpty());
    }

    private static SoundLine given(String line) {
        return SoundLine.of(line, folder);
    }

    private static List<Command> commands() {
        return ServiceLoader.load(Command.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    @Test
    void everyCommandAndEveryFileOptionHasASoundLine() {
        for (Command command : commands()) {
            List<String> lines = SOUND.stream()
                    .filter(line -> line.startsWith(command.name() + " "))
                    .toList();
            assertFalse(lines.isEmpty(), "give SOUND a line of the command '" + command.name() + "'");
            for (Option option : command.options().getOptions()) {
                if (option.getConverter() instanceof OutputKind || OutputGuard.isInput(option)) {
                    String word = option.getOpt() == null ? "--" + option.getLongOpt() : "-" + option.getOpt();
                    assertTrue(
                            lines.stream().anyMatch(line -> line.contains(" " + word + " ")),
                            "give SOUND a line of '" + command.name() + "' with " + word);
                }
            }
        }
    }

    @ParameterizedTest
    @SomeOf("sound")
    void whatACommandWritesItDeclares(String line) throws IOException {
        SoundLine given = given(line);
        for (String said : new String[] {"", ", replacing an older file"}) {
            Map<Path, String> before = GuardedFiles.contents(folder);
            Run run = Run.of(given.words().toArray());
            assertEquals(0, run.exitCode(), line + ": " + run.err());
            Set<Path> changed = new HashSet<>(GuardedFiles.contents(folder).keySet());
            GuardedFiles.contents(folder).forEach((file, content) -> {
                if (content.equals(before.get(file))) {
                    changed.remove(file);
                }
            });
            Set<Path> declared = new HashSet<>();
            for (int position : given.outputs()) {
                Path output = given.output(position);
                assertTrue(Files.exists(output), line);
                declared.addAll(TargetFiles.of(output));
                switch (given.kind(position)) {
                    case PAGE -> declared.add(PageFile.resultsBeside(output));
                    case TRAINED_MODEL ->
                        declared.addAll(TrainedFiles.of(output).beside());
                    default -> {}
                }
                assertTrue(run.out().contains("wrote " + output + said), run.out());
            }
            changed.removeIf(file -> given.folders().stream().anyMatch(file::startsWith));
            changed.removeIf(file -> !said.isEmpty() && file.toString().matches(".*\\.onnx\\.[0-9a-f]{8}\\.data"));
            assertTrue(declared.containsAll(changed), line + " changed " + changed);
        }
    }

    @ParameterizedTest
    @SomeOf("writing")
    void aDryRunChecksTheSameAndWritesNothing(String line) throws IOException {
        SoundLine given = given(line);
        Map<Path, String> before = GuardedFiles.contents(folder);
        List<Object> words = new ArrayList<>(given.words());
        words.add("--dry-run");
        Run run = Run.of(words.toArray());
        assertEquals(0, run.exitCode(), line + ": " + run.err());
        assertEquals(before, GuardedFiles.contents(folder), line);
        assertFalse(run.out().contains("wrote "), run.out());
        assertFalse(run.out().isBlank(), line);
        for (int position : given.outputs()) {
            Run refused = given.runWith(position, given.output(position).resolveSibling("wrong.txt"), "--dry-run");
            assertRefused(refused, line);
        }
    }

    @ParameterizedTest
    @SomeOf("writing")
    void noOutputIsAnInputOrAPartOfOne(String line) throws IOException {
        SoundLine given = given(line);
        Map<Path, String> before = GuardedFiles.contents(folder);
        int pairs = 0;
        for (int position : given.outputs()) {
            for (Path input : given.inputs()) {
                for (Path source : SourceFiles.of(input)) {
                    if (Files.isRegularFile(source)) {
                        pairs++;
                        for (Path way : GuardedFiles.waysTo(source, given.output(position), folder.resolve("links"))) {
                            assertRefused(given.runWith(position, way), line + " with " + way);
                            assertRefused(given.runWith(position, way, "--force"), line + " by force with " + way);
                            GuardedFiles.clear(folder.resolve("links"));
                            assertEquals(before, GuardedFiles.contents(folder), line + " with " + way);
                        }
                    }
                }
            }
        }
        assertTrue(pairs > 0, line);
    }

    @ParameterizedTest
    @SomeOf("writing")
    void outputsAreDifferentFiles(String line) throws IOException {
        SoundLine given = given(line);
        for (int position : given.outputs()) {
            for (int other : given.outputs()) {
                if (position != other) {
                    List<Path> taken = new ArrayList<>(TargetFiles.of(given.output(other)));
                    taken.add(given.output(other)
                            .resolveSibling("../out/./" + given.output(other).getFileName()));
                    for (Path path : taken) {
                        assertRefused(given.runWith(position, path), line + " with " + path);
                        assertEquals(List.of(), GuardedFiles.list(folder.resolve("out")), line + " with " + path);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @SomeOf("writing")
    void aFileOfAnotherKindIsReplacedByForceAlone(String line) throws IOException {
        SoundLine given = given(line);
        for (int position : given.outputs()) {
            Path output = given.output(position);
            for (Path foreign : GuardedFiles.foreignTo(given.kind(position), output, folder.resolve("in"))) {
                Files.copy(foreign, output);
                String before = GuardedFiles.contents(folder).get(output);
                Run run = Run.of(given.words().toArray());
                assertRefused(run, line);
                assertTrue(run.err().contains("cannot write '" + output + "': there is "), run.err());
                assertTrue(run.err().contains("--force"), run.err());
                assertEquals(before, GuardedFiles.contents(folder).get(output), line);
                GuardedFiles.clear(folder.resolve("out"));
            }
            Files.writeString(output, "Notes.\n");
            List<Object> words = new ArrayList<>(given.words());
            words.add("--force");
            Run forced = Run.of(words.toArray());
            assertEquals(0, forced.exitCode(), line + ": " + forced.err());
            GuardedFiles.clear(folder.resolve("out"));
        }
    }

    @ParameterizedTest
    @SomeOf("writing")
    void aNameOfAnotherFormatIsWrongUsage(String line) throws IOException {
        SoundLine given = given(line);
        for (int position : given.outputs()) {
            Path output = given.output(position);
            for (String suffix : List.of(
                    ".pt",
                    ".txt",
                    ".NPZ",
                    given.kind(position) == OutputKind.PAGE ? ".svg" : ".html",
                    ".h5",
                    output.toString().endsWith(".onnx") ? ".npy" : ".onnx")) {
                Path wrong = output.resolveSibling("wrong" + suffix);
                Run run = given.runWith(position, wrong);
                assertRefused(run, line + " with " + wrong);
                assertEquals(2, run.exitCode(), run.err());
                assertTrue(run.err().contains("its name is that of"), run.err());
                assertTrue(run.err().contains("give a name that ends in ."), run.err());
                assertEquals(List.of(), GuardedFiles.list(folder.resolve("out")), line);
            }
        }
    }

    @ParameterizedTest
    @SomeOf("writing")
    void onlyAFileCanBeReplaced(String line) throws IOException {
        SoundLine given = given(line);
        for (int position : given.outputs()) {
            for (String place : new String[] {
                "/dev/null", folder.toString(), folder.resolve("no/x").toString()
            }) {
                assertRefused(given.runWith(position, Path.of(place)), line + " with " + place);
            }
            assertEquals(List.of(), GuardedFiles.list(folder.resolve("out")), line);
        }
    }

    @ParameterizedTest
    @SomeOf("writing")
    void aNameThatCannotBeIsRefusedBeforeTheWork(String line) throws IOException {
        SoundLine given = given(line);
        for (int position : given.outputs()) {
            Path output = given.output(position);
            String name = output.getFileName().toString();
            String suffix = name.substring(name.indexOf('.'));
            // With what is added while a file is written, these are too long for every usual file system.
            for (int length : new int[] {230, 256, 5000}) {
                Path tooLong = output.resolveSibling("x".repeat(length - suffix.length()) + suffix);
                Run run = given.runWith(position, tooLong);
                assertRefused(run, line);
                assertTrue(run.err().contains("': its name does not do ("), run.err());
                assertTrue(run.err().contains("; give another one"), run.err());
            }
            assertRefused(given.runWith(position, output.resolveSibling("none").resolve(name)), line);
            assertEquals(List.of(), GuardedFiles.list(folder.resolve("out")), line);
        }
    }

    private static void assertRefused(Run run, String what) {
        assertTrue(run.exitCode() == 1 || run.exitCode() == 2, what + " gave " + run.exitCode() + ": " + run.out());
        assertEquals(1, run.err().lines().count(), what + ": " + run.err());
        assertTrue(run.err().startsWith("squisher: cannot write '"), what + ": " + run.err());
        assertEquals("", run.out(), what);
    }

    @Test
    void whatAnEarlierRunLeftInACheckpointsFolderIsNoPartOfIt() {
        Path output = folder.resolve("in/checkpoint-3/squisher.safetensors");
        Object[] words = {"convert", folder.resolve("in/checkpoint-3"), "-o", output};
        assertEquals(0, Run.of(words).exitCode());
        Run again = Run.of(words);
        assertEquals(0, again.exitCode(), again.err());
        assertTrue(again.out().contains("wrote " + output + ", replacing an older file: "), again.out());
        assertTrue(output.toFile().delete());
    }

    @Test
    void aNewFileBesideAnInputAndAnEmptyOneAreNoMatter() throws IOException {
        Path empty = Files.createFile(folder.resolve("out/empty.safetensors"));
        assertEquals(
                0,
                Run.of("mask", "--fisher", folder.resolve("in/f.safetensors"), "--keep", "1", "-o", empty)
                        .exitCode());
        Path link = Files.createSymbolicLink(folder.resolve("out/nowhere.safetensors"), folder.resolve("none"));
        assertEquals(
                0,
                Run.of("mask", "--fisher", folder.resolve("in/f.safetensors"), "--keep", "1", "-o", link)
                        .exitCode());
    }
}
