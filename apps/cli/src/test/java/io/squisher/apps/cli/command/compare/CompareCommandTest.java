package io.squisher.apps.cli.command.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private static final Path EXACT = Fixtures.path("lenet_cnn/fisher_exact.safetensors");
    private static final Path EMPIRICAL = Fixtures.path("lenet_cnn/fisher_empirical.safetensors");

    @Test
    void equalFilesPassAnyTolerance() {
        Run run = Run.of("compare", EXACT, EXACT, "--rtol", "0", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject overall = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonObject("overall");
        assertEquals(1542, overall.get("elements").getAsLong());
        assertEquals(1, overall.get("spearman").getAsDouble(), 1e-12);
        assertEquals(1, overall.get("cosine").getAsDouble(), 1e-12);
    }

    @Test
    void namesTheWorstTensorsBeyondTheTolerance() {
        Run run = Run.of("compare", EXACT, EMPIRICAL, "--rtol", "1e-3");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("exceeds 0.001 in 8 of 8 tensors; the worst: '9.weight'"), run.err());
        assertEquals(0, Run.of("compare", EXACT, EMPIRICAL).exitCode());
    }

    @Test
    void aMissingTensorFailsATolerance(@TempDir Path folder) {
        Path part = folder.resolve("part.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(EXACT)) {
            SafetensorsWriter.write(part, Map.of("0.bias", file.tensors().get("0.bias")), Map.of());
        }
        Run run = Run.of("compare", EXACT, part, "--rtol", "1");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("only in '" + EXACT + "'"), run.err());
        assertEquals(0, Run.of("compare", EXACT, part).exitCode());
    }

    @Test
    void refusesDiagonalsOfOtherShapes() {
        Run run = Run.of("compare", EXACT, Fixtures.path("bn_cnn/fisher_empirical.safetensors"));
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("squisher: cannot compare, 2 problems:"), run.err());
    }

    private static Path fisher(Path file, Provenance provenance, double... values) {
        FisherFile.write(file, new FisherDiagonal(Map.of("w", Tensor.of(Shape.of(values.length), values)), provenance));
        return file;
    }

    private static Provenance accumulator(long batch) {
        return Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setAccumulator(Accumulator.newBuilder()
                        .setOptimizer("Adam")
                        .setBiasCorrected(true)
                        .setDatasetSize(1000)
                        .setBatchSize(batch))
                .build();
    }

    private static double ratio(Object... words) {
        Object[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--json";
        all[words.length + 1] = "--quiet";
        Run run = Run.of(all);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertFalse(document.getAsJsonObject("overall").has("relative_error"));
        return document.getAsJsonObject("overall").get("scale_ratio").getAsDouble();
    }

    @Test
    void bringsAccumulatorsToTheScaleOfTheOtherCommands(@TempDir Path folder) {
        Path a = fisher(folder.resolve("a.safetensors"), accumulator(16), 1, 2, 3);
        Path b = fisher(folder.resolve("b.safetensors"), accumulator(8), 2, 4, 6);
        assertEquals(1, ratio("compare", a, b), 1e-6);
        assertEquals(2, ratio("compare", a, b, "--scale", "none"), 1e-6);
        assertEquals(2, ratio("compare", a, b, "--scale", "dataset"), 1e-6);
        assertEquals(2, ratio("compare", a, b, "--scale", "5"), 1e-6);
    }

    @Test
    void putsTheSquisherAboveTheFisherWhereverItStands(@TempDir Path folder) {
        Provenance exact =
                Provenance.newBuilder().setKind(Provenance.Kind.EXACT).build();
        Path f = fisher(folder.resolve("f.safetensors"), exact, 1, 2, 3);
        Path s = fisher(folder.resolve("s.safetensors"), accumulator(8), 1, 2, 3);
        assertEquals(8, ratio("compare", f, s), 1e-6);
        assertEquals(8, ratio("compare", s, f), 1e-6);
        assertEquals(1, ratio("compare", s, f, "--scale", "none"), 1e-6);
        assertEquals(1000, ratio("compare", f, s, "--scale", "dataset"), 1e-3);
        String table = Run.of("compare", f, s).out();
        assertTrue(table.contains(" B/A "), table);
        assertFalse(table.contains("rel. error"), table);
        assertTrue(table.contains("A '" + f + "': exact Fisher, a mean over examples, as stored"), table);
        assertTrue(table.contains("B '" + s + "': accumulator of Adam, batch scale 8"), table);
        assertTrue(Run.of("compare", s, f).out().contains(" A/B "));
        assertTrue(Run.of("compare", f, s, "--rtol", "10").out().contains("rel. error"));
    }

    /** A reference of another program has no scale, so that nothing is scaled against it unless asked for. */
    @Test
    void takesNumbersAsStoredBesideAFileThatDoesNotSayWhatItHolds(@TempDir Path folder) {
        Path s = fisher(folder.resolve("s.safetensors"), accumulator(8), 1, 2, 3);
        Path plain = folder.resolve("plain.safetensors");
        SafetensorsWriter.write(plain, Map.of("w", Tensor.of(Shape.of(3), 1.0, 2.0, 3.0)), Map.of());
        Run stored = Run.of("compare", plain, s, "--rtol", "1e-6");
        assertEquals(0, stored.exitCode(), stored.err());
        assertTrue(stored.out().contains("the accumulator is not scaled; --scale does so"), stored.out());
        assertEquals(8, ratio("compare", plain, s, "--scale", "batch"), 1e-6);
    }

    @Test
    void aScaleThatNeedsACountThatIsNotThereIsRefused(@TempDir Path folder) {
        Path a = fisher(folder.resolve("a.safetensors"), accumulator(0), 1, 2, 3);
        Path b = fisher(folder.resolve("b.safetensors"), accumulator(8), 1, 2, 3);
        Run run = Run.of("compare", a, b, "--scale", "batch");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("does not say its batch size"), run.err());
        Run byDefault = Run.of("compare", a, b);
        assertEquals(0, byDefault.exitCode());
        assertTrue(byDefault.err().contains("warning: '" + a + "' does not say its batch size"), byDefault.err());
    }

    @Test
    void weightsAreNoFisherBesideOne(@TempDir Path folder) {
        Path s = fisher(folder.resolve("s.safetensors"), accumulator(8), 1, 2, 3);
        Path weights = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(weights, Map.of("w", Tensor.of(Shape.of(3), 1.0, -2.0, 3.0)), Map.of());
        for (Object[] files : new Object[][] {{s, weights}, {weights, s}}) {
            Run run = Run.of("compare", files[0], files[1]);
            assertEquals(1, run.exitCode());
            assertTrue(
                    run.err()
                            .contains("'" + weights + "': tensor 'w' has -2.0 at element 1; the entries of a Fisher are"
                                    + " finite and not negative"),
                    run.err());
        }
        assertEquals(0, Run.of("compare", weights, weights).exitCode());
    }
}
