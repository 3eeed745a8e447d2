package io.squisher.apps.cli.command.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fisher --shard}, {@code fisher --until} and {@code fisher-merge}, as a scheduler and a person call them. */
class FisherShardsTest {
    private static final int EXAMPLES = 32;

    @TempDir
    Path folder;

    private final Path model = Fixtures.path("mlp_relu/model.onnx");
    private final Path data = Fixtures.path("mlp_relu/data.npz");
    private Path out;

    @BeforeEach
    void place() {
        out = folder.resolve("fisher.safetensors");
    }

    private Path part(int number) {
        return folder.resolve("part-" + number + ".sums");
    }

    private Run shard(String shard, Path target, Object... more) {
        List<Object> words = new ArrayList<>(List.of("fisher", model, "--data", data, "--shard", shard, "-o", target));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private void shards(int count, Object... more) {
        for (int number = 1; number <= count; number++) {
            Run run = shard(number + "/" + count, part(number), more);
            assertEquals(0, run.exitCode(), run.err());
        }
    }

    private Run merge(Object... words) {
        List<Object> all = new ArrayList<>(List.of("fisher-merge"));
        all.addAll(List.of(words));
        return Run.of(all.toArray());
    }

    private static void assertDone(Run run, String text) {
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains(text), run.out());
    }

    private static void assertRefused(int code, Run run, String text) {
        assertEquals(code, run.exitCode(), run.out() + run.err());
        assertTrue(run.err().contains(text), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void theSumOfTheShardsIsTheFisherOfTheWhole() {
        Path whole = folder.resolve("whole.safetensors");
        for (String kind : new String[] {"empirical", "exact", "sampled", "joint", "absolute"}) {
            Run single = Run.of("fisher", model, "--data", data, "--kind", kind, "-o", whole);
            assertEquals(0, single.exitCode(), single.err());
            shards(3, "--kind", kind);
            assertDone(
                    merge(part(3), part(1), part(2), "-o", out),
                    "the " + kind + " Fisher of 6 tensors over " + EXAMPLES + " examples from 3 files");
            try (FisherFile expected = FisherFile.open(whole);
                    FisherFile actual = FisherFile.open(out)) {
                expected.diagonal().tensors().forEach((name, tensor) -> {
                    double error = distance(tensor, actual.diagonal().tensor(name));
                    assertTrue(error < 1e-6, kind + " " + name + ": " + error);
                });
                Provenance provenance = actual.diagonal().provenance();
                assertEquals(EXAMPLES, provenance.getExampleCount());
                assertEquals(List.of("sums of 3 shards"), provenance.getNotesList());
                assertEquals(1, provenance.getSourcesCount());
                assertEquals(expected.diagonal().provenance().getWeightsHash(), provenance.getWeightsHash());
            }
        }
    }

    private static double distance(Tensor expected, Tensor actual) {
        double[] a = expected.toDoubles();
        double[] b = actual.toDoubles();
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            norm += a[i] * a[i];
        }
        return Math.sqrt(difference / norm);
    }

    @Test
    void theSameShardsGiveTheSameBitsInAnyOrderAndInStages() throws IOException {
        shards(4);
        assertDone(merge(part(1), part(2), part(3), part(4), "-o", out), "wrote");
        Path other = folder.resolve("other.safetensors");
        assertDone(merge(part(4), part(2), part(3), part(1), "-o", other), "wrote");
        assertSameTensors(other);
        shards(4, "--batch-size", 1);
        Path rest = folder.resolve("rest.sums");
        assertDone(merge(part(3), part(2), "-o", rest), "the sums of 6 tensors");
        assertDone(merge(part(4), rest, part(1), "-o", other), "over " + EXAMPLES + " examples from 3 files");
        assertFalse(Files.exists(folder.resolve("part-1.sums.partial")));
    }

    private void assertSameTensors(Path other) {
        try (FisherFile a = FisherFile.open(out);
                FisherFile b = FisherFile.open(other)) {
            for (Map.Entry<String, Tensor> entry : a.diagonal().tensors().entrySet()) {
                assertArrayEquals(
                        entry.getValue().toBytes().array(),
                        b.diagonal().tensor(entry.getKey()).toBytes().array(),
                        entry.getKey());
            }
        }
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() throws IOException {
        shards(3);
        assertRefused(1, merge(part(1), part(3), "-o", out), "of 3 shards number 2 is missing; compute it");
        assertRefused(1, merge(part(2), "-o", out), "of 3 shards [1, 3] are missing; compute them");
        assertFalse(Files.exists(out));
        assertDone(merge(part(1), part(3), "--allow-missing", "-o", out), "over 21 examples from 2 files");
        try (FisherFile some = FisherFile.open(out)) {
            assertEquals(
                    List.of("sums of 2 of 3 shards; missing: [2]"),
                    some.diagonal().provenance().getNotesList());
        }
        assertRefused(1, merge(part(1), part(1), "-o", out), "is given twice");
        Path copy = Files.copy(part(1), folder.resolve("copy.sums"));
        assertRefused(1, merge(part(1), copy, part(2), "-o", out), "are both the shard 1/3");
        assertEquals(0, shard("2/4", copy).exitCode());
        assertRefused(1, merge(part(1), copy, "-o", out), "parts of different divisions overlap");
        assertEquals(0, shard("2/3", copy, "--kind", "exact").exitCode());
        assertRefused(1, merge(part(1), copy, part(3), "-o", out), "the kind differs: exact and empirical");
        assertEquals(0, shard("2/3", copy, "--params", "weight").exitCode());
        assertRefused(1, merge(part(1), copy, part(3), "-o", out), "is missing in one and F64[");
        assertEquals(0, shard("2/3", copy, "--limit", 6).exitCode());
        assertRefused(1, merge(part(1), copy, part(3), "-o", out), "so these are of different data");
        assertRefused(
                1,
                merge(part(1), Fixtures.path("mlp_relu/fisher_exact.safetensors"), "-o", out),
                "not a file of Fisher sums (it is a safetensors file; squisher fisher");
        assertRefused(2, merge("-o", out), "expected PART.sums, got nothing");
    }

    @Test
    void aShardIsSaidRight() {
        for (String wrong : new String[] {"0/3", "4/3", "3", "a/b", "1/2/3", "-1/3"}) {
            Run run = Run.of("fisher", model, "--data", data, "--shard=" + wrong, "-o", part(1));
            assertRefused(2, run, "--shard ");
        }
        assertRefused(1, shard("1/33", part(1)), "has 32 examples, fewer than 33 shards");
        assertRefused(2, shard("1/2", part(1), "--until", "0.1"), "--until does not go with --shard");
        assertRefused(
                2,
                Run.of("fisher", model, "--data", data, "--until", "0.1", "--kind", "joint", "-o", out),
                "--until goes with means over examples");
        assertRefused(2, Run.of("fisher", model, "--data", data, "-o", part(1)), "its name is that of sums");
        assertRefused(
                2, Run.of("fisher", model, "--data", data, "--ids", "id", "-o", out), "--ids goes with --kind sampled");
    }

    @Test
    void itEndsWhenItIsKnownWellEnoughAndSaysHowWell() {
        Run run = Run.of("fisher", model, "--data", data, "--until", "5", "--json", "-o", out);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(16, document.get("examples").getAsInt());
        assertTrue(document.get("standard_error").getAsDouble() < 5);
        assertEquals(6, document.getAsJsonObject("standard_errors").keySet().size());
        Run all = Run.of("fisher", model, "--data", data, "--until", "0.001", "-o", out);
        assertDone(all, "over 32 examples");
        assertTrue(all.out().contains("relative standard error: at most "), all.out());
        assertTrue(all.err().contains("all 32 examples leave '"), all.err());
        assertTrue(all.err().contains("would bring it to 0.10 %"), all.err());
    }

    @Test
    void compareSaysWhetherSamplingExplainsADistance() {
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        Path more = folder.resolve("exact.safetensors");
        assertEquals(0, shard("1/2", part(1)).exitCode());
        assertEquals(0, shard("2/2", part(2)).exitCode());
        assertDone(merge(part(1), "--allow-missing", "-o", first), "wrote");
        assertDone(merge(part(2), "--allow-missing", "-o", second), "wrote");
        Run halves = Run.of("compare", first, second);
        assertDone(halves, "by sampling");
        assertTrue(halves.out().contains("The distance is within the sampling error in all 6 tensors"), halves.out());
        assertEquals(
                0,
                Run.of("fisher", model, "--data", data, "--kind", "absolute", "-o", more)
                        .exitCode());
        Run other = Run.of("compare", first, more, "--json");
        JsonObject tensors =
                JsonParser.parseString(other.out()).getAsJsonObject().getAsJsonObject("tensors");
        for (String name : tensors.keySet()) {
            assertFalse(
                    tensors.getAsJsonObject(name).get("within_sampling_error").getAsBoolean(), name);
        }
        assertDone(Run.of("compare", first, more), "The distance is outside the sampling error in 6 of 6 tensors");
    }

    @Test
    void severalFilesAreOneDataSet() throws IOException {
        Path shards = Files.createDirectory(folder.resolve("shards"));
        Path a = Files.copy(data, shards.resolve("a.npz"));
        Path b = Files.copy(data, shards.resolve("b.npz"));
        for (Run run : List.of(
                Run.of("fisher", model, "--data", shards, "-o", out),
                Run.of("fisher", model, "--data", shards + "/*.npz", "-o", out),
                Run.of("fisher", model, "--data", a, b, "-o", out),
                Run.of("fisher", model, "--data", a, "--data", b, "-o", out))) {
            assertDone(run, "over " + 2 * EXAMPLES + " examples");
        }
        assertDone(Run.of("evaluate", model, "--data", shards), "over " + 2 * EXAMPLES + " examples");
        assertRefused(1, Run.of("fisher", model, "--data", shards, "-o", shards.resolve("a.npz")), "cannot write");
        assertRefused(1, Run.of("fisher", model, "--data", folder + "/*.npy", "-o", out), "/*.npy': no file matches");
        assertRefused(1, Run.of("fisher", model, "--data", shards, a, "-o", out), "is given twice");
    }
}
