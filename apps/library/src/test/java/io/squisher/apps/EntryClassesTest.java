package io.squisher.apps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.mask.MaskFile;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entries for Java users, against numbers that are computed by hand, and one line where something is wrong. */
class EntryClassesTest {
    @TempDir
    private Path folder;

    private Path a;
    private Path b;
    private Path fisherA;
    private Path fisherB;
    private Path out;

    @BeforeEach
    void write() {
        a = model("a", Fixtures.vector(1, -2, 4));
        b = model("b", Fixtures.vector(5, 2, 8));
        fisherA = fisher("fisher-a", Fixtures.vector(3, 0, 0));
        fisherB = fisher("fisher-b", Fixtures.vector(1, 7, 0));
        out = folder.resolve("out.safetensors");
    }

    private Path model(String name, Tensor values) {
        Path file = folder.resolve(name + ".safetensors");
        SafetensorsWriter.write(file, Map.of("w", values), Map.of());
        return file;
    }

    private Path fisher(String name, Tensor values) {
        Path file = folder.resolve(name + ".safetensors");
        Provenance provenance =
                Provenance.newBuilder().setKind(Provenance.Kind.EMPIRICAL).build();
        FisherFile.write(file, new FisherDiagonal(Map.of("w", values), provenance));
        return file;
    }

    private static double[] values(Path file) {
        try (WeightSource source = WeightFormats.open(file)) {
            return source.tensor("w").toDoubles();
        }
    }

    @Test
    void mergesByFisherByAverageAndByGradientMatching() {
        // (3·1 + 1·5)/4 = 2; (0·(-2) + 7·2)/7 = 2; both Fishers 0: the mean of 4 and 8.
        Written written = Merging.of(a, b).fishers(fisherA, fisherB).writeTo(out);
        assertArrayEquals(new double[] {2, 2, 6}, values(out), 1e-15);
        assertEquals(out + ": 1 parameter merged, 0 tensors averaged, 0 copied", written.toString());

        Merging.of(a, b).weights(3, 1).writeTo(out);
        assertArrayEquals(new double[] {2, -1, 5}, values(out), 1e-15);
        Merging.of(a, b).fishers(fisherA, fisherB).byAverage().writeTo(out);
        assertArrayEquals(new double[] {3, 0, 6}, values(out), 1e-15);

        // θ0 = 0, F0 = 1: (3+1)/(3+1+1)·1 + (1+1)/5·5 = 2.8; (0+1)/8·(-2) + 8/8·2 = 1.75; 1·4 + 1·8 = 12.
        Path base = model("base", Fixtures.vector(0, 0, 0));
        Path baseFisher = fisher("fisher-base", Fixtures.vector(1, 1, 1));
        Merging.of(a, b).fishers(fisherA, fisherB).base(base, baseFisher).writeTo(out);
        assertArrayEquals(new double[] {2.8, 1.75, 12}, values(out), 1e-14);
        Merging.of(a, b)
                .fishers(fisherA, fisherB)
                .base(base, baseFisher, 1, new UbgmOptions(1, 0, UbgmOptions.PLAIN.scale()))
                .writeTo(out);
        assertArrayEquals(new double[] {2.8, 1.75, 12}, values(out), 1e-14);
    }

    @Test
    void mergesByTaskVectorsAndOnTheSphere() {
        Path base = model("base", Fixtures.vector(0, 0, 0));
        Merging.of(a, b).byTaskArithmetic(base, TaskVectorOptions.PLAIN).writeTo(out);
        assertArrayEquals(new double[] {6, 0, 12}, values(out), 1e-14);
        // The means of 1 and 5, and of 4 and 8; −2 and 2 do not elect a sign.
        Merging.of(a, b).byTies(base, TaskVectorOptions.PLAIN).writeTo(out);
        assertArrayEquals(new double[] {3, 0, 6}, values(out), 1e-14);
        Merging.of(a, b).byDare(base, TaskVectorOptions.PLAIN).writeTo(out);
        assertArrayEquals(new double[] {6, 0, 12}, values(out), 1e-14);
        Merging.of(a, b).byBreadcrumbs(base, TaskVectorOptions.PLAIN).writeTo(out);
        assertArrayEquals(new double[] {6, 0, 12}, values(out), 1e-14);
        // (1, −2, 4) and (5, 2, 8), where the base is 0: cos φ = 33 / √(21 · 93).
        Merging.of(a, b).byModelStock(base).writeTo(out);
        double cosine = 33 / Math.sqrt(21 * 93);
        double kept = 2 * cosine / (1 + cosine);
        assertArrayEquals(new double[] {3 * kept, 0, 6 * kept}, values(out), 1e-14);
        Merging.of(a, b).weights(0, 1).bySlerp().writeTo(out);
        assertArrayEquals(new double[] {5, 2, 8}, values(out));
    }

    @Test
    void forgetsWithoutTraining() {
        // F_forget / F_all: 1/3, ∞, 0/0. Above 2 only the second, which becomes 0.
        Written written = Unlearning.of(a)
                .fisher(fisherA)
                .forget(fisherB)
                .alpha(2)
                .allowOtherModel()
                .writeTo(out);
        assertArrayEquals(new double[] {1, 0, 4}, values(out), 1e-15);
        assertTrue(written.summary().startsWith("1 of 3 parameters in 1 tensor dampened"), written.toString());
        assertEquals(
                "cannot unlearn: say forget(file) before",
                assertThrows(
                                SquisherException.class,
                                () -> Unlearning.of(a).fisher(fisherA).writeTo(out))
                        .getMessage());
    }

    @Test
    void compressesLinearLayers() {
        Path model = Fixtures.path("lenet_cnn/model.onnx");
        Path smaller = folder.resolve("smaller.onnx");
        Compressing compressing = Compressing.of(model).fisher(Fixtures.path("lenet_cnn/fisher_exact.safetensors"));
        assertEquals(
                "cannot compress: say budget(share) before",
                assertThrows(SquisherException.class, () -> compressing.writeTo(smaller))
                        .getMessage());
        Written written = compressing.budget(0.5).writeTo(smaller);
        assertTrue(written.summary().contains(" in two products, "), written.toString());
        try (WeightSource source = WeightFormats.open(smaller)) {
            assertTrue(source.metadata().get("squisher.compress").contains("\"method\":\"fisher\""));
        }
        assertTrue(assertThrows(
                        SquisherException.class,
                        () -> Compressing.of(a).fisher(fisherA).budget(0.5).writeTo(out))
                .getMessage()
                .contains("which has no graph to put a second product into"));
    }

    @Test
    void prunesByFisherByMagnitudeAndAtRandom() {
        // ½ F θ²: 1.5, 0, 0 for a; the third of three that stays is the first.
        Path mask = folder.resolve("mask.safetensors");
        Pruning.of(a).fisher(fisherA).sparsity(0.66).mask(mask).writeTo(out);
        assertArrayEquals(new double[] {1, 0, 0}, values(out));
        try (MaskFile file = MaskFile.open(mask)) {
            assertArrayEquals(new double[] {1, 0, 0}, file.mask("w").toDoubles());
        }
        Pruning.of(a).sparsity(0.66).writeTo(out);
        assertArrayEquals(new double[] {0, 0, 4}, values(out));
        Written drawn = Pruning.of(a).atRandom(5).sparsity(0.33).writeTo(out);
        assertTrue(drawn.toString().contains("1 of 3 parameters in 1 tensor are 0"), drawn.toString());
    }

    @Test
    void masksTheLargest() {
        Masking.of(fisherB).keep(0.34).writeTo(out);
        try (MaskFile file = MaskFile.open(out)) {
            assertArrayEquals(new double[] {0, 1, 0}, file.mask("w").toDoubles());
        }
    }

    @Test
    void resetsOutsideTheMask() {
        Path mask = folder.resolve("mask.safetensors");
        Masking.of(fisherB).keep(0.34).writeTo(mask);
        Written written = Resetting.of(b).base(a).mask(mask).writeTo(out);
        assertArrayEquals(new double[] {1, 2, 4}, values(out));
        assertEquals(out + ": 1 parameters reset outside the mask", written.toString());
        SquisherException lacking = assertThrows(
                SquisherException.class, () -> Resetting.of(b).base(a).writeTo(out));
        assertEquals("cannot reset: say mask(file) before", lacking.getMessage());
    }

    @Test
    void transfersAFisherToOtherNames() {
        Path renamed = folder.resolve("renamed.safetensors");
        SafetensorsWriter.write(renamed, Map.of("v", Fixtures.vector(1, -2, 4)), Map.of());
        Transferring.of(fisherA).from(a).to(renamed).writeTo(out);
        try (FisherFile moved = FisherFile.open(out)) {
            assertArrayEquals(
                    new double[] {3, 0, 0}, moved.diagonal().tensor("v").toDoubles());
        }
        SafetensorsWriter.write(
                renamed, Map.of("v", Fixtures.vector(1, -2, 4), "more", Fixtures.vector(7, 8)), Map.of());
        Transferring transfer = Transferring.of(fisherA).from(a).to(renamed);
        SquisherException partial = assertThrows(SquisherException.class, () -> transfer.writeTo(out));
        assertTrue(
                partial.getMessage().contains("parameters of '" + renamed + "' got none: 'more': "),
                partial.getMessage());
        Written written = transfer.allowPartial().writeTo(out);
        assertTrue(written.toString().contains("1 tensors; warning: 'more': "), written.toString());
    }

    @Test
    void embedsTasks() {
        Path matrix = folder.resolve("matrix.safetensors");
        Tensor values = Tensor.of(io.squisher.tensor.Shape.of(2, 2), 1.0, 3.0, 5.0, 7.0);
        FisherFile.write(
                matrix,
                new FisherDiagonal(
                        Map.of("w", values),
                        Provenance.newBuilder()
                                .setKind(Provenance.Kind.EMPIRICAL)
                                .build()));
        var task = Embedding.of(matrix).compute();
        assertArrayEquals(new double[] {2, 6}, task.values(), 1e-15);
        assertEquals("embedding of 'matrix': 2 numbers from 1 tensor (empirical, as stored)", task.toString());
        assertEquals(
                "distances of [matrix, matrix]: [[0.0, 0.0], [0.0, 0.0]]",
                TaskDistances.of(List.of(task, task), Distance.COSINE)
                        .toString()
                        .replaceAll("-?\\d\\.\\d+E-\\d+", "0.0"));
    }

    @Test
    void consolidatesTasks() {
        Path anchor = folder.resolve("anchor.safetensors");
        Consolidating.task(a, fisherA).and(b, fisherB).writeTo(out, anchor);
        try (FisherFile sum = FisherFile.open(out)) {
            assertArrayEquals(new double[] {4, 7, 0}, sum.diagonal().tensor("w").toDoubles(), 1e-15);
        }
        // (3·1 + 1·5)/4 and (0·(-2) + 7·2)/7.
        assertArrayEquals(new double[] {2, 2}, java.util.Arrays.copyOf(values(anchor), 2), 1e-15);
    }

    /** What JShell prints of them. */
    @Test
    void saysWhatItIsAndHowItGoesOn() {
        assertEquals(
                "merge of [" + a + ", " + b + "]: call writeTo(file)",
                Merging.of(a, b).fishers(fisherA, fisherB).toString());
        assertEquals(
                "pruning of " + a + ": call writeTo(file)",
                Pruning.of(a).sparsity(0.5).toString());
        assertEquals(
                "mask from " + fisherA + ": call writeTo(file)",
                Masking.of(fisherA).keep(0.5).toString());
        assertEquals(
                "reset of " + a + ": call writeTo(file)",
                Resetting.of(a).base(b).toString());
        assertEquals(
                "compression of " + a + ": call writeTo(file)",
                Compressing.of(a).budget(0.5).toString());
        assertEquals(
                "unlearning in " + a + ": call writeTo(file)",
                Unlearning.of(a).alpha(2).toString());
        assertEquals(
                "embedding of " + fisherA + ": call compute()",
                Embedding.of(fisherA).toString());
        assertEquals(
                "conversion of " + a + ": call writeTo(file)", Converting.of(a).toString());
        assertEquals(
                "transfer of " + fisherA + ": call writeTo(file)",
                Transferring.of(fisherA).toString());
        assertEquals(
                "penalty of 2 tasks: call writeTo(fisher, anchor)",
                Consolidating.task(a, fisherA).and(b, fisherB).toString());
    }

    @Test
    void refusesInOneLine() throws Exception {
        Path anchor = folder.resolve("anchor.safetensors");
        Path other = Files.copy(fisherA, folder.resolve("other.safetensors"));
        Map<String, Supplier<?>> wrong = new LinkedHashMap<>();
        wrong.put(
                "got 1 Fishers for 2 models",
                () -> Merging.of(a, b).fishers(fisherA).writeTo(out));
        wrong.put(
                "got 3 weights for 2 models",
                () -> Merging.of(a, b).weights(1, 1, 1).writeTo(out));
        wrong.put("at least two models, got 1", () -> Merging.of(a).writeTo(out));
        wrong.put(
                "weights are not negative",
                () -> Merging.of(a, b).weights(-1, 1).writeTo(out));
        wrong.put("it is the input", () -> Merging.of(a, b).writeTo(a));
        wrong.put(
                "'" + other + "'; give",
                () -> Merging.of(a, b).fishers(other, fisherB).writeTo(other));
        wrong.put("its name is that of an ONNX model", () -> Merging.of(a, b).writeTo(folder.resolve("out.onnx")));
        wrong.put("no regular expression", () -> Merging.of(a, b).exclude("("));
        wrong.put("cannot read the input, 2 problems", () -> Merging.of(none("x"), none("y"))
                .writeTo(out));
        wrong.put("say sparsity(share) before", () -> Pruning.of(a).writeTo(out));
        wrong.put("a sparsity is at least 0", () -> Pruning.of(a).sparsity(1).writeTo(out));
        wrong.put(
                "is written as well",
                () -> Pruning.of(a).sparsity(0.5).mask(out).writeTo(out));
        wrong.put("say keep(share) before", () -> Masking.of(fisherA).writeTo(out));
        wrong.put(
                "it is the input '" + fisherB,
                () -> Masking.of(fisherB).keep(0.5).writeTo(fisherB));
        wrong.put("there is no folder", () -> Masking.of(fisherA).keep(0.5).writeTo(none("no/such/folder")));
        wrong.put(
                "a decay is above 0",
                () -> Consolidating.task(a, fisherA).online(2).writeTo(out, anchor));
        wrong.put("give one of them another name", () -> Consolidating.task(a, fisherA)
                .writeTo(out, out));
        wrong.put(
                "a batch size is at least 1",
                () -> Converting.of(a).batchSize(0).writeTo(out));
        wrong.put("none.safetensors", () -> Embedding.of(none("none")).compute());
        wrong.forEach((part, call) -> {
            String message =
                    assertThrows(SquisherException.class, call::get, part).getMessage();
            assertTrue(message.contains(part), message);
            assertFalse(message.contains("\n"), message);
            assertFalse(Files.exists(out), part);
        });
    }

    private Path none(String name) {
        return folder.resolve(name + ".safetensors");
    }
}
