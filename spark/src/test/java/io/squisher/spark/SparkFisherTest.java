package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.fisher.FisherKind;
import java.nio.file.Path;
import java.util.List;
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
}
