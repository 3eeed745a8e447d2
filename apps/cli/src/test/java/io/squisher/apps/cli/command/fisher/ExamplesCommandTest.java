package io.squisher.apps.cli.command.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of examples against the Fisher of the same data. */
class ExamplesCommandTest {
    private static final Path MODEL = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path DATA = Fixtures.path("lenet_cnn/data.npz");

    @TempDir
    Path folder;

    private double[] scores(String name, Object... more) throws IOException {
        Path file = folder.resolve(name);
        Object[] words = new Object[6 + more.length];
        System.arraycopy(new Object[] {"examples", MODEL, "--data", DATA, "-o", file}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = 10 + bytes.getShort(8);
        assertTrue(new String(bytes.array(), 10, header - 10, StandardCharsets.US_ASCII).contains("'descr': '<f8'"));
        double[] scores = new double[(bytes.capacity() - header) / 8];
        bytes.position(header)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(scores);
        return scores;
    }

    private Path fisher() {
        Path file = folder.resolve("fisher.safetensors");
        Run run = Run.of("fisher", MODEL, "--data", DATA, "-o", file);
        assertEquals(0, run.exitCode(), run.err());
        return file;
    }

    /** Σ_j F_j w(F_j). */
    private static double sum(Path fisher, java.util.function.DoubleUnaryOperator weight) {
        double[] sum = {0};
        try (FisherFile file = FisherFile.open(fisher)) {
            file.diagonal().tensors().values().forEach(tensor -> Arrays.stream(tensor.toDoubles())
                    .forEach(f -> sum[0] += f * weight.applyAsDouble(f)));
        }
        return sum[0];
    }

    @Test
    void theirMeanIsTheWeightedTraceOfTheFisher() throws IOException {
        Path fisher = fisher();
        double[] norms = scores("norms.npy");
        assertEquals(1, Arrays.stream(norms).average().orElseThrow() / sum(fisher, f -> 1), 1e-5);
        double[] inverse = scores("inverse.npy", "--fisher", fisher, "--damping", "0.001");
        assertEquals(1, Arrays.stream(inverse).average().orElseThrow() / sum(fisher, f -> 1 / (f + 0.001)), 1e-5);
        double[] weighted = scores("weighted.npy", "--diagonal", fisher);
        assertEquals(1, Arrays.stream(weighted).average().orElseThrow() / sum(fisher, f -> f), 1e-5);
    }

    @Test
    void shardsFollowEachOther() throws IOException {
        double[] all = scores("all.npy", "--kind", "sampled", "--seed", "3");
        double[] first = scores("first.npy", "--kind", "sampled", "--seed", "3", "--shard", "1/2");
        double[] second = scores("second.npy", "--kind", "sampled", "--seed", "3", "--shard", "2/2");
        assertEquals(all.length, first.length + second.length);
        assertArrayEquals(Arrays.copyOf(all, first.length), first, 1e-4);
        assertArrayEquals(Arrays.copyOfRange(all, first.length, all.length), second, 1e-4);
    }

    @Test
    void theLargestAreListedWithTheirNumbers() throws IOException {
        double[] all = scores("all.npy");
        Run run = Run.of(
                "examples",
                MODEL,
                "--data",
                DATA,
                "--shard",
                "2/2",
                "--top",
                1,
                "-o",
                folder.resolve("b.npy"),
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject largest = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonArray("largest")
                .get(0)
                .getAsJsonObject();
        int number = largest.get("example").getAsInt();
        assertEquals(all[number], largest.get("score").getAsDouble(), 1e-5 * all[number]);
        assertEquals(
                Arrays.stream(all, (all.length + 1) / 2, all.length).max().orElseThrow(),
                largest.get("score").getAsDouble(),
                1e-5 * all[number]);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        Path out = folder.resolve("o.npy");
        assertRefused(2, "--damping goes with --fisher", "--damping", "1", "-o", out);
        assertRefused(
                2,
                "--fisher, whose inverse is taken, and --diagonal do not go together",
                "--fisher",
                "f",
                "--diagonal",
                "f",
                "-o",
                out);
        assertRefused(
                1,
                "the joint kind has no number of one example; choose the kind empirical, sampled or exact",
                "--kind",
                "joint",
                "-o",
                out);
    }

    private static void assertRefused(int code, String expected, Object... more) {
        Object[] words = new Object[4 + more.length];
        System.arraycopy(new Object[] {"examples", MODEL, "--data", DATA}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        Run run = Run.of(words);
        assertEquals(code, run.exitCode(), run.err());
        assertTrue(run.err().contains(expected), run.err());
    }
}
