package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One model under the names that torch.compile, DataParallel and PEFT give it, through all commands. */
class WrapperNamesCommandTest {
    private static final Path FIELD = Path.of("../../protos/src/test/resources/pytorch/field");
    private static final Path FILES = FIELD.resolve("wrappers");
    private static final Path ADAPTER = FIELD.resolve("adapter");
    private static final Path PLAIN = FILES.resolve("plain_model.pt");
    private static final Set<String> NAMES = Set.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");

    @TempDir
    Path folder;

    private Path converted(String file, Object... more) {
        Path fisher = folder.resolve(file + ".safetensors");
        Object[] words = new Object[6 + more.length];
        System.arraycopy(
                new Object[] {"convert", FILES.resolve(file + ".pt"), "--batch-size", 16, "-o", fisher},
                0,
                words,
                0,
                6);
        System.arraycopy(more, 0, words, 6, more.length);
        succeeded(Run.of(words));
        return fisher;
    }

    private static Run succeeded(Run run) {
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private static Set<String> names(Path file) {
        try (WeightSource source = WeightFormats.open(file)) {
            return Set.copyOf(source.names());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix_orig_mod", "prefix_module"})
    void everyCommandMatchesWithoutTheWrapper(String file) {
        Path fisher = converted(file);
        Path wrapped = FILES.resolve(file + ".pt");
        Path out = folder.resolve("out.safetensors");
        String note = "are those of '" + PLAIN + "' without the prefix '";
        Run prune = succeeded(Run.of("prune", PLAIN, "--fisher", fisher, "--sparsity", 0.5, "-o", out));
        assertTrue(prune.err().contains(note), prune.err());
        assertEquals(NAMES, names(out));
        Path plain = converted("plain");
        Run merge = succeeded(Run.of(
                "merge", "--model", PLAIN, "--fisher", plain, "--model", wrapped, "--fisher", fisher, "-o", out));
        assertTrue(merge.err().contains("the names of '" + wrapped + "' " + note), merge.err());
        assertEquals(NAMES, names(out));
        succeeded(
                Run.of("merge", "--model", PLAIN, "--fisher", plain, "--model", wrapped, "--fisher", plain, "-o", out));
        Run compare = succeeded(Run.of("compare", plain, fisher, "--rtol", 0));
        assertTrue(compare.err().contains("without the prefix"), compare.err());
        Path mapped = folder.resolve("mapped.safetensors");
        Run map = succeeded(Run.of("map", fisher, "--weights", PLAIN, "--to", PLAIN, "-o", mapped));
        assertTrue(map.err().contains(note), map.err());
        assertEquals(NAMES, names(mapped));
        Path delta = folder.resolve("delta.safetensors");
        succeeded(Run.of("delta", wrapped, "--base", PLAIN, "-o", delta));
        succeeded(Run.of("apply", PLAIN, "--delta", delta, "-o", out));
        Path mask = folder.resolve("mask.safetensors");
        succeeded(Run.of("mask", "--fisher", fisher, "--keep", 0.5, "-o", mask));
        succeeded(Run.of("reset", PLAIN, "--base", wrapped, "--mask", mask, "-o", out));
        assertEquals(NAMES, names(out));
    }

    /** Of two files the second may have the names of a wrapper; those of Fishers alone have nothing to be matched with. */
    @Test
    void everyCommandThatJoinsFilesHasTheRule() {
        Set<String> joined = Set.of("fisher", "delta", "base", "at", "weights", "to");
        Set<String> fishersAlone = Set.of("embed", "mask", "similarity");
        int seen = 0;
        for (Command command : ServiceLoader.load(Command.class)) {
            if (joined.stream().anyMatch(option -> command.options().hasLongOption(option))
                    && !fishersAlone.contains(command.name())) {
                assertTrue(command.options().hasLongOption("strip-prefix"), command.name());
                seen++;
            }
        }
        assertTrue(seen >= 8, seen + " commands");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix_orig_mod", "prefix_module"})
    void ewcTellsThePenaltyAtWrappedWeights(String file) {
        Path fisher = converted("plain");
        Path task = folder.resolve("task.safetensors");
        succeeded(Run.of("prune", PLAIN, "--method", "magnitude", "--sparsity", 0.5, "-o", task));
        double expected = penalty(task, fisher, PLAIN);
        assertTrue(expected > 0, "at other weights than the anchor");
        assertEquals(expected, penalty(task, fisher, FILES.resolve(file + ".pt")));
    }

    private static double penalty(Path task, Path fisher, Path at) {
        Run run = succeeded(Run.of(
                "ewc",
                "--model",
                task,
                "--fisher",
                fisher,
                "--allow-other-model",
                "--at",
                at,
                "-o",
                task.resolveSibling("ewc.safetensors"),
                "--anchor-out",
                task.resolveSibling("anchor.safetensors"),
                "--dry-run",
                "--json"));
        return JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("penalties")
                .get(at.toString())
                .getAsDouble();
    }

    /** One tensor differs, so that the names of the others follow from its own. */
    @ParameterizedTest
    @ValueSource(strings = {"prefix_orig_mod", "prefix_module"})
    void deltasGoOntoTheirBaseUnderOtherNames(String file) {
        Path base = FILES.resolve(file + ".pt");
        Path tuned = folder.resolve("tuned.safetensors");
        Path delta = folder.resolve("delta.safetensors");
        Path out = folder.resolve("out.safetensors");
        succeeded(Run.of(
                "prune", PLAIN, "--method", "magnitude", "--sparsity", 0.5, "--exclude", "bias|fc2", "-o", tuned));
        succeeded(Run.of("delta", tuned, "--base", PLAIN, "-o", delta));
        Run run = succeeded(Run.of("apply", base, "--delta", delta, "-o", out));
        assertTrue(
                run.err().contains("the names of '" + delta + "' are those of '" + base + "' with the prefix"),
                run.err());
        assertEquals(names(base), names(out));
        succeeded(Run.of("compare", tuned, out, "--rtol", 0));
        Run back = succeeded(Run.of("delta", out, "--base", base, "-o", delta, "--force"));
        assertTrue(back.out().contains("differ"), back.out());
        succeeded(Run.of("apply", PLAIN, "--delta", delta, "-o", out, "--force"));
        assertEquals(NAMES, names(out));
        Run refused = Run.of("apply", PLAIN, "--delta", delta, "--strip-prefix", "net.", "--dry-run");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("no tensor's name begins with 'net.'"), refused.err());
    }

    @Test
    void convertWritesTheNamesThatAreAskedFor() {
        Path fisher = converted("prefix_orig_mod", "--strip-prefix", "_orig_mod");
        assertEquals(NAMES, names(fisher));
        try (FisherFile stripped = FisherFile.open(fisher);
                FisherFile plain = FisherFile.open(converted("plain"))) {
            assertEquals(
                    plain.diagonal().provenance().getWeightsHash(),
                    stripped.diagonal().provenance().getWeightsHash());
        }
    }

    @Test
    void aPrefixThatNobodyHasIsRefused() {
        Path fisher = converted("plain");
        Run run = Run.of("prune", PLAIN, "--fisher", fisher, "--sparsity", 0.5, "--strip-prefix", "net.", "--dry-run");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("no tensor's name begins with 'net.' (--strip-prefix); one is 'fc1.weight'"));
        run = Run.of("convert", FILES.resolve("plain.pt"), "--strip-prefix", "net.", "--dry-run");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("no parameter's name begins with 'net.' (--strip-prefix)"), run.err());
    }

    /** The accumulator of the i-th name is filled with i. */
    @ParameterizedTest
    @ValueSource(strings = {"names.txt", "names_default.txt"})
    void adaptersGetTheirNamesFromAList(String list) throws IOException {
        Path out = folder.resolve("s.safetensors");
        Path checkpoint = ADAPTER.resolve("checkpoint-60");
        succeeded(Run.of("convert", checkpoint, "--names", ADAPTER.resolve(list), "--batch-size", 4, "-o", out));
        List<String> names = Files.readAllLines(ADAPTER.resolve("names.txt"));
        try (FisherFile fisher = FisherFile.open(out)) {
            assertEquals(Set.copyOf(names), fisher.diagonal().names());
            for (int i = 0; i < names.size(); i++) {
                assertEquals(i + 1, fisher.diagonal().tensor(names.get(i)).toDoubles()[0], names.get(i));
            }
        }
        succeeded(Run.of(
                "convert",
                checkpoint,
                "--model",
                checkpoint.resolve("adapter_model.safetensors"),
                "--names",
                ADAPTER.resolve(list),
                "--dry-run"));
    }

    @Test
    void anAdaptersFolderSaysThatItsNamesAreSorted() {
        Run run = Run.of("convert", ADAPTER.resolve("checkpoint-60"), "--dry-run");
        assertEquals(1, run.exitCode());
        assertTrue(
                run.err().contains("adapter_model.safetensors' does not keep their order")
                        && run.err().contains("--names"),
                run.err());
    }
}
