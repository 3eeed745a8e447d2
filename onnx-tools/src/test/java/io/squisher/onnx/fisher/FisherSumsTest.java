package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.cases.SomeOf;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;

class FisherSumsTest {
    private static final List<FisherKind> KINDS = List.of(
            new FisherKind.Empirical(),
            new FisherKind.Exact(),
            new FisherKind.Sampled(2, 7),
            new FisherKind.Joint(),
            new FisherKind.Absolute());

    private static final Fixture SMALL = Fixture.load("mlp_relu");

    @TempDir
    Path folder;

    static Stream<Arguments> casesAndKinds() {
        return FisherEstimatorTest.CASES.stream().flatMap(name -> KINDS.stream().map(kind -> Arguments.of(name, kind)));
    }

    @ParameterizedTest
    @SomeOf("casesAndKinds")
    void shardsAddUpToTheWhole(String name, FisherKind kind) {
        Fixture fixture = Fixture.load(name);
        try (NpzFile data = fixture.data();
                FisherEstimator estimator = estimator(fixture, data, kind)) {
            FisherDiagonal whole = estimator.run(FisherListener.SILENT);
            for (int count : new int[] {1, 3, 7}) {
                FisherDiagonal sum = FisherSums.sum(shards(estimator, count)).toDiagonal();
                assertClose(name + " " + kind + " in " + count + " shards", whole, sum);
                assertEquals(fixture.count(), sum.provenance().getExampleCount());
                assertEquals(whole.roles(), sum.roles());
                assertEquals(
                        whole.provenance().toBuilder()
                                .clearCreated()
                                .clearSamplingError()
                                .addNotes("sums of " + count + " shards")
                                .build(),
                        sum.provenance().toBuilder()
                                .clearCreated()
                                .clearSamplingError()
                                .build());
            }
        }
    }

    @Test
    void theSameShardsGiveTheSameBitsThroughFilesAndFromAnotherProcess() {
        for (FisherKind kind : KINDS) {
            try (NpzFile data = SMALL.data();
                    FisherEstimator first = estimator(SMALL, data, kind);
                    FisherEstimator second = estimator(SMALL, data, kind)) {
                FisherSums sum = FisherSums.sum(shards(first, 3));
                List<FisherSums> others = shards(second, 3);
                List<FisherSumsFile> files = new ArrayList<>();
                for (int i = 0; i < others.size(); i++) {
                    Path file = folder.resolve("part-" + i + ".sums");
                    others.get(i).write(file);
                    files.add(FisherSumsFile.open(file));
                }
                FisherSums ofFiles =
                        FisherSums.sum(files.stream().map(FisherSumsFile::sums).toList());
                assertSameBits(kind.toString(), sum.tensors(), ofFiles.tensors());
                assertSameBits(
                        kind.toString(),
                        sum.toDiagonal().tensors(),
                        ofFiles.toDiagonal().tensors());
                assertEquals(sum.header(), ofFiles.header());
                files.forEach(FisherSumsFile::close);
            }
        }
    }

    @Test
    void examplesOfOtherFilesAreAddedPieceByPiece() {
        try (NpzFile data = SMALL.data()) {
            Examples all = Fixture.examples(data);
            FisherRequest probe =
                    FisherRequest.of(SMALL.model(), all.limit(1), SMALL.likelihood(), new FisherKind.Sampled(3, 1));
            try (FisherEstimator estimator = new FisherEstimator(probe)) {
                assertEquals(0, estimator.sums().count());
                assertThrows(SquisherException.class, () -> estimator.sums().toDiagonal());
                estimator.add(all.slice(0, 10));
                FisherSums early = estimator.sums();
                Map<String, double[]> numbers = numbers(early.tensors());
                // The rest as arrays of their own, as a reader of rows would make them.
                Map<String, Tensor> rest = new LinkedHashMap<>();
                all.arrays().forEach((name, array) -> rest.put(name, copied(all, name, 10)));
                estimator.add(Examples.of("rest.npz", rest).numberedFrom(10));
                FisherSums late = estimator.sums();
                assertEquals(SMALL.count(), late.count());
                assertEquals(2, late.pieces());
                numbers(early.tensors()).forEach((name, now) -> assertArrayEquals(numbers.get(name), now));
                estimator.clear();
                estimator.add(all);
                assertClose("two pieces against one", estimator.sums().toDiagonal(), late.toDiagonal());
                estimator.clear();
                estimator.add(all.numberedFrom(1000));
                assertNotEquals(
                        0,
                        distance(
                                estimator.sums().toDiagonal().tensor("0.weight"),
                                late.toDiagonal().tensor("0.weight")),
                        "other numbers draw other labels");
            }
        }
    }

    private static Tensor copied(Examples all, String name, long from) {
        Tensor array = all.arrays().get(name);
        Tensor rows = all.batch(name, from, (int) (all.count() - from), array.type());
        return Tensor.of(array.type(), rows.shape(), rows.toBytes());
    }

    @Test
    void blocksGoOutAndComeBack() {
        try (NpzFile data = SMALL.data();
                FisherEstimator estimator = estimator(SMALL, data, new FisherKind.Empirical())) {
            List<FisherSums> parts = shards(estimator, 3);
            Map<String, Tensor> added = new LinkedHashMap<>();
            parts.get(0).tensors().forEach((name, tensor) -> {
                double[] sum = new double[(int) tensor.size()];
                for (FisherSums part : parts) {
                    for (int from = 0; from < sum.length; from += 5) {
                        double[] block = part.block(name, from, Math.min(5, sum.length - from));
                        for (int i = 0; i < block.length; i++) {
                            sum[from + i] += block[i];
                        }
                    }
                }
                added.put(name, Tensor.of(tensor.shape(), sum));
            });
            FisherSums elsewhere = FisherSums.of(
                    FisherSums.sumOfHeaders(
                            parts.stream().map(FisherSums::header).toList()),
                    added);
            FisherSums here = FisherSums.sum(parts);
            assertSameBits("blocks", here.tensors(), elsewhere.tensors());
            assertEquals(
                    here.toDiagonal().provenance().getSamplingError(),
                    elsewhere.toDiagonal().provenance().getSamplingError());
            assertThrows(SquisherException.class, () -> here.block("nothing", 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> here.block("0.weight", 0, 1 << 20));
            Map<String, Tensor> floats = new LinkedHashMap<>(added);
            floats.put("0.weight", Tensor.of(Shape.of(1), 1f));
            assertTrue(assertThrows(SquisherException.class, () -> FisherSums.of(here.header(), floats))
                    .getMessage()
                    .contains("'0.weight' is F32[1], sums are F64"));
        }
    }

    @Test
    void sumsOfOtherEstimationsAndTheSameShardTwiceAreRefused() {
        try (NpzFile data = SMALL.data();
                FisherEstimator empirical = estimator(SMALL, data, new FisherKind.Empirical());
                FisherEstimator exact = estimator(SMALL, data, new FisherKind.Exact())) {
            List<FisherSums> three = shards(empirical, 3);
            assertRefused(
                    "the kind differs: exact and empirical",
                    three.get(0),
                    shards(exact, 3).get(1));
            assertRefused("the shard 2/3 is there twice", three.get(1), three.get(1));
            assertRefused(
                    "shards of different divisions overlap: 1/2 and 3/3 cannot be added",
                    three.get(2),
                    shards(empirical, 2).get(0));
        }
    }

    private static void assertRefused(String text, FisherSums a, FisherSums b) {
        SquisherException refusal = assertThrows(SquisherException.class, () -> a.plus(b));
        assertTrue(refusal.getMessage().contains(text), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    @Test
    void aNumberThatIsNoneIsFoundInItsPieceAndRow() {
        try (NpzFile data = SMALL.data();
                FisherEstimator estimator = estimator(SMALL, data, new FisherKind.Empirical())) {
            Examples all = Fixture.examples(data);
            Map<String, Tensor> broken = new LinkedHashMap<>(all.arrays());
            float[] values = all.arrays().get("input").toFloats();
            values[(int) (11 * values.length / all.count())] = Float.NaN;
            broken.put("input", Tensor.of(all.arrays().get("input").shape(), values));
            Examples examples = Examples.of("broken.npz", broken);
            estimator.add(examples.slice(0, 8));
            String message = assertThrows(SquisherException.class, () -> estimator.add(examples.slice(8, 8)))
                    .getMessage();
            assertTrue(message.contains("is not finite"), message);
            assertTrue(
                    message.contains("after rows 8 to 15 of 'broken.npz': the array 'input' holds NaN in row 11 of"),
                    message);
        }
    }

    @Test
    void examplesOfAnotherShapeAreRefused() {
        try (NpzFile data = SMALL.data();
                FisherEstimator estimator = estimator(SMALL, data, new FisherKind.Empirical())) {
            Map<String, Tensor> other =
                    new LinkedHashMap<>(Fixture.examples(data).arrays());
            other.put("input", Tensor.of(Shape.of(SMALL.count(), 1), new float[SMALL.count()]));
            String message = assertThrows(SquisherException.class, () -> estimator.add(Examples.of("other.npz", other)))
                    .getMessage();
            assertTrue(
                    message.startsWith("the array 'input' of 'other.npz' is F32[" + SMALL.count() + ", 1], that of"),
                    message);
            other.remove("input");
            assertTrue(assertThrows(SquisherException.class, () -> estimator.add(Examples.of("other.npz", other)))
                    .getMessage()
                    .contains("'other.npz' has no array 'input'"));
        }
    }

    private static FisherEstimator estimator(Fixture fixture, NpzFile data, FisherKind kind) {
        return new FisherEstimator(
                FisherRequest.of(fixture.model(), Fixture.examples(data), fixture.likelihood(), kind));
    }

    /** The sums of each shard, as processes of their own would make them. */
    private static List<FisherSums> shards(FisherEstimator estimator, int count) {
        List<FisherSums> sums = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            FisherShard shard = new FisherShard(number, count);
            estimator.clear();
            estimator.add(shard.of(estimator.plan().examples()));
            FisherSums ofShard = estimator.sums();
            sums.add(FisherSums.of(
                    ofShard.header().toBuilder().addShards(shard.toProto()).build(), ofShard.tensors()));
        }
        return sums;
    }

    private static Map<String, double[]> numbers(Map<String, Tensor> tensors) {
        Map<String, double[]> numbers = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> numbers.put(name, tensor.toDoubles()));
        return numbers;
    }

    private static void assertSameBits(String what, Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(expected.keySet(), actual.keySet(), what);
        expected.forEach((name, tensor) -> assertArrayEquals(
                tensor.toBytes().array(), actual.get(name).toBytes().array(), what + " " + name));
    }

    /** Relative to the tensor; one that is rounding alone is measured against the largest. */
    private static void assertClose(String what, FisherDiagonal expected, FisherDiagonal actual) {
        assertEquals(expected.names(), actual.names(), what);
        double largest = expected.tensors().values().stream()
                .mapToDouble(FisherSumsTest::norm)
                .max()
                .orElse(0);
        boolean joint = expected.provenance().getKind() == Provenance.Kind.JOINT;
        expected.tensors().forEach((name, tensor) -> {
            // Gradients cancel in a joint sum: what float32 keeps of it is relative to the summands.
            double norm = Math.max(norm(tensor), (joint ? 1e-3 : 1e-7) * largest);
            double error = distance(tensor, actual.tensor(name)) / norm;
            assertTrue(error <= 1e-6, what + ", '" + name + "': " + error);
        });
    }

    private static double norm(Tensor tensor) {
        return Math.sqrt(
                java.util.Arrays.stream(tensor.toDoubles()).map(x -> x * x).sum());
    }

    private static double distance(Tensor a, Tensor b) {
        double[] x = a.toDoubles();
        double[] y = b.toDoubles();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }
}
