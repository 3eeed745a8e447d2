package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /** Every kind for a model of each likelihood, and the plainest for the others. */
    static Stream<Arguments> casesAndKinds() {
        List<FisherKind> kinds = List.of(
                EMPIRICAL,
                new FisherKind.Exact(),
                new FisherKind.Sampled(2, 7),
                new FisherKind.Joint(),
                new FisherKind.Absolute());
        Stream<Arguments> all = Stream.of("lenet_cnn", "tiny_gpt", "multilabel_bernoulli", "regression_gaussian")
                .flatMap(name -> kinds.stream().map(kind -> Arguments.of(name, kind)));
        Stream<Arguments> others = Stream.of(
                        "bn_cnn", "depthwise_cnn", "mlp_relu", "shared_weight", "tiny_bert", "vae_like_convtranspose")
                .map(name -> Arguments.of(name, EMPIRICAL));
        return Stream.concat(all, others);
    }

    @ParameterizedTest
    @MethodSource("casesAndKinds")
    void givesWhatOneMachineGives(String name, FisherKind kind) {
        Fixture fixture = new Fixture(name);
        FisherDiagonal alone = fixture.alone(kind);
        FisherDiagonal seen = fixture.spark(kind).run(fixture.data(3));
        Distance.requireBelow(1e-6, alone, seen, name + " " + kind);
        assertEquals(alone.provenance().getExampleCount(), seen.provenance().getExampleCount());
        assertEquals(alone.provenance().getWeightsHash(), seen.provenance().getWeightsHash());
        assertEquals(alone.provenance().getSourcesList(), seen.provenance().getSourcesList());
        assertEquals(alone.roles(), seen.roles());
    }

    @Test
    void partitionsChangeNothingButRounding() {
        Fixture fixture = new Fixture("mlp_relu");
        FisherDiagonal alone = fixture.alone(EMPIRICAL);
        for (int partitions : new int[] {1, 3, 7}) {
            Dataset<Row> data = fixture.data(partitions);
            FisherDiagonal seen = fixture.spark(EMPIRICAL).run(data);
            Distance.requireBelow(1e-6, alone, seen, partitions + " partitions");
            Distance.requireNone(seen, fixture.spark(EMPIRICAL).run(data));
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
