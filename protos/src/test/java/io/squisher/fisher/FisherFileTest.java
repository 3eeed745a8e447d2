package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FisherFileTest {
    @TempDir
    Path folder;

    private static final Tensor WEIGHT = Tensor.of(Shape.of(2), 0.5f, 0.25f);

    @Test
    void everyFieldOfTheProvenanceRoundTrips() {
        Provenance provenance = Provenance.newBuilder()
                .setFormatVersion(1)
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setReduction(Provenance.Reduction.MEAN)
                .setExampleCount(5_000_000_000L)
                .setSampleCount(4)
                .setSeed(-3)
                .setLikelihood("categorical")
                .setAccumulator(Accumulator.newBuilder()
                        .setOptimizer("Adam")
                        .setSlot("v")
                        .setDecay(0.999f)
                        .setStep(0)
                        .setStepSource("beta2_power")
                        .setBatchSize(32)
                        .setDatasetSize(1000)
                        .setLossReduction(Provenance.Reduction.MEAN)
                        .setBiasCorrected(false)
                        .setPenaltyActive(false)
                        .setInitialValue(0))
                .setAppliedScale(1e-300)
                .addSources(Source.newBuilder().setFile("größe.ckpt").setSha256("ab"))
                .setWeightsHash("cd")
                .setToolVersion("0.1")
                .setCreated("2026-11-24T00:00:00Z")
                .addNotes("a \"note\"\nof two lines")
                .build();
        Path path = folder.resolve("f.safetensors");
        FisherFile.write(path, new FisherDiagonal(Map.of("w", WEIGHT), provenance));
        try (FisherFile file = FisherFile.open(path)) {
            assertEquals(provenance, file.diagonal().provenance());
            assertTrue(file.diagonal().provenance().getAccumulator().hasStep());
            assertArrayEquals(
                    new double[] {0.5, 0.25}, file.diagonal().tensor("w").toDoubles());
        }
    }

    @Test
    void anUnknownStepStaysUnknown() {
        Provenance provenance = Provenance.newBuilder()
                .setAccumulator(Accumulator.newBuilder().setOptimizer("Adam"))
                .build();
        Path path = folder.resolve("f.safetensors");
        FisherFile.write(path, new FisherDiagonal(Map.of("w", WEIGHT), provenance));
        try (FisherFile file = FisherFile.open(path)) {
            Accumulator read = file.diagonal().provenance().getAccumulator();
            assertTrue(!read.hasStep() && !read.hasPenaltyActive() && !read.hasDecay());
            assertEquals(1, file.diagonal().provenance().getFormatVersion());
        }
    }

    @Test
    void rolesAndForeignMetadataAreKept() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", WEIGHT);
        tensors.put("bn.running_mean", WEIGHT);
        tensors.put("eps", Tensor.of(Shape.of(), 0f));
        Map<String, Role> roles = Map.of("bn.running_mean", Role.STATISTIC, "eps", Role.CONSTANT);
        Path path = folder.resolve("f.safetensors");
        FisherFile.write(
                path,
                new FisherDiagonal(tensors, roles, Provenance.getDefaultInstance()),
                Map.of("format", "pt", "other tool", "{\"a\": 1}"));
        try (FisherFile file = FisherFile.open(path)) {
            assertEquals(roles, file.diagonal().roles());
            assertEquals(Role.PARAMETER, file.diagonal().role("w"));
            assertEquals("pt", file.metadata().get("format"));
            assertEquals("{\"a\": 1}", file.metadata().get("other tool"));
        }
    }

    @Test
    void tinyValuesAreWrittenAsFloat64() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("tiny", Tensor.of(Shape.of(2), 1e-31f, 0f));
        tensors.put("zero", Tensor.of(Shape.of(2), 0f, 0f));
        tensors.put("usual", Tensor.of(Shape.of(2), 1e-29f, 1e-40f));
        Path path = folder.resolve("f.safetensors");
        FisherFile.write(path, new FisherDiagonal(tensors, Provenance.getDefaultInstance()));
        try (FisherFile file = FisherFile.open(path)) {
            FisherDiagonal read = file.diagonal();
            assertEquals(ElementType.F64, read.tensor("tiny").type());
            assertEquals(ElementType.F32, read.tensor("zero").type());
            assertEquals(ElementType.F32, read.tensor("usual").type());
            assertEquals(1e-31f, read.tensor("tiny").toDoubles()[0]);
        }
    }

    @Test
    void compactingKeepsWhatFloat32CannotHold() {
        assertEquals(ElementType.F32, FisherFile.compact(Shape.of(2), 0, 0).type());
        assertEquals(ElementType.F32, FisherFile.compact(Shape.of(2), 1e-29, 0).type());
        assertEquals(ElementType.F64, FisherFile.compact(Shape.of(2), 1e-31, 0).type());
        assertEquals(ElementType.F64, FisherFile.compact(Shape.of(2), 1e39, 0).type());
        assertArrayEquals(
                new double[] {1e-200}, FisherFile.compact(Shape.of(1), 1e-200).toDoubles());
    }

    @Test
    void aNewerVersionIsRefused() {
        Exception e = refused(Map.of(FisherFile.PROVENANCE_KEY, "{\"formatVersion\": 3, \"kind\": \"LATER\"}"));
        assertTrue(
                e.getMessage().endsWith("unsupported Fisher file (format version 3, this release reads up to 2)"),
                e.getMessage());
    }

    @Test
    void damagedProvenanceAndRolesAreRefusedInOneLine() {
        for (Map<String, String> metadata : List.of(
                Map.of(FisherFile.PROVENANCE_KEY, "{"),
                Map.of(FisherFile.PROVENANCE_KEY, "[]"),
                Map.of(FisherFile.PROVENANCE_KEY, "{\"exampleCount\": \"many\"}"),
                Map.of(FisherFile.ROLES_KEY, "[1]"),
                Map.of(FisherFile.ROLES_KEY, "null"),
                Map.of(FisherFile.ROLES_KEY, "{\"w\": \"SPECIAL\"}"))) {
            Exception e = refused(metadata);
            assertTrue(e.getMessage().contains("': bad Fisher file (squisher."), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
    }

    @Test
    void aFileOfAnotherProgramHasNoProvenance() {
        Path path = folder.resolve("foreign.safetensors");
        SafetensorsWriter.write(path, Map.of("w", WEIGHT), Map.of());
        try (FisherFile file = FisherFile.open(path)) {
            assertEquals(
                    Provenance.Kind.KIND_UNSPECIFIED,
                    file.diagonal().provenance().getKind());
        }
    }

    @Test
    void integersAreNoFisher() {
        Path path = folder.resolve("ints.safetensors");
        SafetensorsWriter.write(path, Map.of("ids", Tensor.of(Shape.of(1), 1L)), Map.of());
        Exception e = assertThrows(FormatException.class, () -> FisherFile.open(path));
        assertTrue(e.getMessage().endsWith("not a Fisher file (tensor 'ids' is I64[1], not floating)"), e.getMessage());
    }

    private Exception refused(Map<String, String> metadata) {
        Path path = folder.resolve("refused.safetensors");
        SafetensorsWriter.write(path, Map.of("w", WEIGHT), metadata);
        return assertThrows(FormatException.class, () -> FisherFile.open(path));
    }
}
