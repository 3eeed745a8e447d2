package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.cases.SomeOf;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.fisher.FisherKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SparkFisherTest {
    private static final FisherKind EMPIRICAL = new FisherKind.Empirical();

    private static final int[] PARTITIONS = {1, 3, 7};

    /** What a float32 implementation should meet, as the reference cases say of themselves. */
    private static final double REFERENCE = 1e-3;

    /** Every reference case in every kind. */
    static Stream<Arguments> casesAndKinds() {
        List<FisherKind> kinds = List.of(
                EMPIRICAL,
                new FisherKind.Exact(),
                new FisherKind.Sampled(2, 7),
                new FisherKind.Joint(),
                new FisherKind.Absolute());
        return Stream.of(
                        "bn_cnn",
                        "depthwise_cnn",
                        "lenet_cnn",
                        "mlp_relu",
                        "multilabel_bernoulli",
                        "regression_gaussian",
                        "shared_weight",
                        "tiny_bert",
                        "tiny_gpt",
                        "vae_like_convtranspose")
                .flatMap(name -> kinds.stream().map(kind -> Arguments.of(name, kind)));
    }

    @ParameterizedTest
    @SomeOf(value = "casesAndKinds", oneIn = 8)
    void givesWhatOneMachineAndTheReferenceGive(String name, FisherKind kind) {
        Fixture fixture = new Fixture(name);
        FisherDiagonal alone = fixture.alone(kind);
        for (int partitions : PARTITIONS) {
            FisherDiagonal seen = fixture.spark(kind).run(fixture.data(partitions));
            String what = name + " " + kind + " of " + partitions + " partitions";
            Distance.requireBelow(1e-6, alone, seen, what);
            fixture.reference(kind).ifPresent(reference -> Distance.requireReference(REFERENCE, reference, seen, what));
            assertEquals(alone.provenance().getExampleCount(), seen.provenance().getExampleCount());
            assertEquals(alone.provenance().getWeightsHash(), seen.provenance().getWeightsHash());
            assertEquals(alone.provenance().getSourcesList(), seen.provenance().getSourcesList());
            assertEquals(alone.roles(), seen.roles());
        }
    }

    /** So that no case passes for want of a reference. */
    @ParameterizedTest
    @MethodSource("casesAndKinds")
    void threeKindsHaveAReference(String name, FisherKind kind) {
        boolean has = !(kind instanceof FisherKind.Sampled || kind instanceof FisherKind.Absolute);
        assertEquals(has, new Fixture(name).reference(kind).isPresent());
    }

    @Test
    void theSamePartitionsGiveTheSameBits() {
        Fixture fixture = new Fixture("mlp_relu");
        for (int partitions : PARTITIONS) {
            Dataset<Row> data = fixture.data(partitions);
            Distance.requireNone(
                    fixture.spark(EMPIRICAL).run(data), fixture.spark(EMPIRICAL).run(data));
        }
    }

    @Test
    void emptyPartitionsAddNothing() {
        Fixture fixture = new Fixture("mlp_relu");
        Dataset<Row> data = fixture.data(2).repartition(7).filter("id < 3");
        assertEquals(3, fixture.spark(EMPIRICAL).run(data).provenance().getExampleCount());
    }

    @Test
    void oneRowIsEnough() {
        Fixture fixture = new Fixture("mlp_relu");
        FisherDiagonal seen = fixture.spark(EMPIRICAL).run(fixture.data(2).filter("id = 5"));
        assertEquals(1, seen.provenance().getExampleCount());
    }

    @Test
    void labelsAreDrawnForARowWhereverItIs() {
        Fixture fixture = new Fixture("mlp_relu");
        FisherKind sampled = new FisherKind.Sampled(1, 3);
        SparkFisher byContent = SparkFisher.of(fixture.model()).kind(sampled);
        Distance.requireBelow(
                1e-6, byContent.run(fixture.data(1)), byContent.run(fixture.data(4)), "numbers made of the rows");
    }

    @Test
    void writesAFisherFile(@TempDir Path folder) {
        Fixture fixture = new Fixture("mlp_relu");
        Path target = folder.resolve("fisher.safetensors");
        long count = fixture.spark(EMPIRICAL).writeTo(target.toString(), fixture.data(2));
        assertEquals(32, count);
        try (FisherFile file = FisherFile.open(target)) {
            Distance.requireBelow(1e-6, fixture.alone(EMPIRICAL), file.diagonal(), "file");
        }
    }

    @Test
    void largeSumsAreFilesOfTheReducers(@TempDir Path folder) throws IOException {
        Fixture fixture = new Fixture("lenet_cnn");
        long count = fixture.spark(EMPIRICAL)
                .writeTo(folder.resolve("fisher.safetensors").toString(), fixture.data(3), 0, 4096);
        assertEquals(16, count);
        try (FisherFile whole = FisherFile.open(folder.resolve("fisher.safetensors.index.json"));
                Stream<Path> files = Files.list(folder)) {
            FisherDiagonal alone = fixture.alone(EMPIRICAL);
            Distance.requireBelow(1e-6, alone, whole.diagonal(), "several files");
            assertEquals(
                    alone.names(),
                    whole.diagonal()
                            .provenance()
                            .getSamplingError()
                            .getRelativeMap()
                            .keySet());
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertTrue(names.size() > 2, names.toString());
            assertTrue(names.stream().allMatch(name -> name.startsWith("fisher")), names.toString());
        }
    }

    @Test
    void eachGroupHasAFisherOfItsOwn(@TempDir Path folder) {
        Fixture fixture = new Fixture("mlp_relu");
        Dataset<Row> data = fixture.data(3).selectExpr("*", "concat('task/', id % 3) as task");
        Map<String, Long> counts = fixture.spark(EMPIRICAL).writeEach("task", folder.toString(), data);
        assertEquals(Map.of("task/0", 11L, "task/1", 11L, "task/2", 10L), counts);
        for (int task = 0; task < 3; task++) {
            FisherDiagonal alone = fixture.spark(EMPIRICAL).run(data.filter("id % 3 = " + task));
            try (FisherFile file = FisherFile.open(folder.resolve("task%2F" + task + ".safetensors"))) {
                Distance.requireBelow(1e-6, alone, file.diagonal(), "task " + task);
            }
        }
    }
}
