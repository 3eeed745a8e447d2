package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.npy.NpzWriter;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.Fisher;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    private final Path fixture = fixture();
    private final Path whole = fixture.resolve("data.npz");
    private final OnnxFile model = OnnxFile.read(fixture.resolve("model.onnx"));
    private final TakenArrays taken = new TakenArrays(model, "labels", java.util.Set.of());

    @TempDir
    private Path folder;

    private static Path fixture() {
        try {
            return Path.of(DataFilesTest.class.getResource("/fixtures/mlp_relu").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fixture's 32 examples in files of one to six: more files than are open at once. */
    @BeforeEach
    void divide() throws IOException {
        Files.createDirectory(folder.resolve("shards"));
        int[] ends = {1, 3, 9, 10, 16, 21, 22, 27, 32};
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            write(file(i), from, ends[i], Map.of());
            from = ends[i];
        }
    }

    private Path file(int number) {
        return folder.resolve("shards/part-" + number + ".npz");
    }

    private void write(Path file, int from, int to, Map<String, Tensor> others) {
        try (NpzFile data = NpzFile.open(whole)) {
            Examples all = Examples.of("whole", data.arrays());
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            for (String name : List.of("input", "labels")) {
                ElementType type = all.arrays().get(name).type();
                Tensor rows = all.batch(name, from, to - from, type);
                arrays.put(name, Tensor.of(type, rows.shape(), rows.toBytes()));
            }
            long[] ids = LongStream.range(from, to)
                    .map(row -> 1_000_000_007L * (row + 3))
                    .toArray();
            arrays.put("id", Tensor.of(Shape.of(ids.length), ids));
            arrays.putAll(others);
            NpzWriter.write(file, arrays);
        }
    }

    @Test
    void manyFilesReadAsOne() {
        try (NpzFile one = NpzFile.open(whole);
                DataFiles many = DataFiles.open(List.of(folder.resolve("shards")))) {
            Examples all = Examples.of("whole", one.arrays());
            Examples parts = many.examples(taken, notice -> {});
            assertEquals(all.count(), parts.count());
            for (String name : List.of("input", "labels")) {
                assertEquals(
                        all.arrays().get(name).shape(), parts.arrays().get(name).shape());
                // Back and forth, so that files are closed and opened again.
                for (int from : new int[] {0, 20, 5, 31, 0}) {
                    int rows = Math.min(14, 32 - from);
                    ElementType type = all.arrays().get(name).type();
                    assertArrayEquals(
                            all.batch(name, from, rows, type).toDoubles(),
                            parts.batch(name, from, rows, type).toDoubles(),
                            name + " from " + from);
                }
            }
            assertEquals("rows 1 of '" + file(1) + "' and 0 to 2 of '" + file(2) + "'", parts.describe(2, 4));
            assertEquals(new ExamplePlace(file(2).toString(), 4), parts.place(7));
            assertArrayEquals(new long[] {31}, parts.slice(30, 2).numbers(1, 1));
        }
    }

    @Test
    void aFolderAPatternAndFilesAreTheSameDataSet() {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            files.add(file(i));
        }
        assertEquals(files, DataPaths.expand(List.of(folder.resolve("shards"))));
        assertEquals(files, DataPaths.expand(List.of(folder.resolve("shards/*.npz"))));
        assertEquals(files, DataPaths.expand(List.of(folder.resolve("**/part-?.npz"))));
        assertEquals(files.subList(1, 3), DataPaths.expand(List.of(folder.resolve("shards/part-[12].npz"))));
        assertEquals(List.of(whole), DataPaths.expand(List.of(whole)));
        assertRefused("no file matches", () -> DataPaths.expand(List.of(folder.resolve("shards/*.npy"))));
        assertRefused("holds no file that ends in .npz", () -> DataPaths.expand(List.of(folder)));
        assertRefused(
                "is given twice",
                () -> DataPaths.expand(
                        List.of(folder.resolve("shards"), folder.resolve("shards/../shards/part-3.npz"))));
    }

    @Test
    void filesOfOtherTypesShapesAndNamesAreRefused() {
        Path other = folder.resolve("other.npz");
        write(other, 0, 2, Map.of("input", Tensor.of(Shape.of(2, 19), new float[38])));
        assertRefused(
                "the array 'input' of '" + other + "' is F32[2, 19], that of '" + file(0) + "' F32[1, 20]",
                () -> read(file(0), other));
        write(other, 0, 2, Map.of("labels", Tensor.of(Shape.of(2), 0f, 1f)));
        assertRefused("the array 'labels' of '" + other + "' is F32[2], that of", () -> read(file(0), other));
        NpzWriter.write(other, Map.of("input", Tensor.of(Shape.of(2, 20), new float[40])));
        assertRefused("'" + other + "' has no array 'labels'", () -> read(file(0), other));
        write(other, 0, 2, Map.of("labels", Tensor.of(Shape.of(2), 0L, 77L)));
        assertRefused(
                "the labels 'labels' of '" + other + "': row 1 holds 77", () -> Fisher.of(fixture.resolve("model.onnx"))
                        .data(file(2), other)
                        .compute());
        assertRefused("other.zip", () -> read(file(0), folder.resolve("other.zip")));
    }

    private void read(Path... files) {
        try (DataFiles data = DataFiles.open(List.of(files))) {
            data.examples(taken, notice -> {});
        }
    }

    private static void assertRefused(String text, Runnable reading) {
        String message = assertThrows(SquisherException.class, reading::run).getMessage();
        assertTrue(message.contains(text), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void anExampleDrawsTheSameLabelsInAnyDivisionAndOrder() {
        FisherKind sampled = new FisherKind.Sampled(3, 9);
        FisherDiagonal byRow = sampled(sampled).data(whole).compute();
        assertClose(
                byRow,
                sampled(sampled).data(folder.resolve("shards")).batchSize(5).compute());
        List<FisherSums> sums = new ArrayList<>();
        for (int shard = 1; shard <= 7; shard++) {
            sums.add(sampled(sampled)
                    .data(folder.resolve("shards"))
                    .shard(shard, 7)
                    .sums());
        }
        assertClose(byRow, FisherSums.sum(sums).toDiagonal());

        List<Path> files = new ArrayList<>(DataPaths.expand(List.of(folder.resolve("shards"))));
        FisherDiagonal byId =
                sampled(sampled).data(files.toArray(Path[]::new)).ids("id").compute();
        java.util.Collections.reverse(files);
        assertClose(
                byId,
                sampled(sampled).data(files.toArray(Path[]::new)).ids("id").compute());
        assertTrue(distance(byRow, byId) > 1e-3, "ids draw other labels than rows");
        assertTrue(
                distance(
                                byRow,
                                sampled(sampled)
                                        .data(files.toArray(Path[]::new))
                                        .compute())
                        > 1e-3,
                "without ids the order of the files counts");
        assertRefused(
                "has no array 'key' with the numbers of examples",
                () -> sampled(sampled).data(file(3)).ids("key").compute());
        assertRefused(
                "the array 'input' of '" + file(3) + "' is F32[1, 20]; numbers of examples are whole numbers",
                () -> sampled(sampled).data(file(3)).ids("input").compute());
    }

    private Fisher sampled(FisherKind kind) {
        return Fisher.of(fixture.resolve("model.onnx")).kind(kind);
    }

    private static void assertClose(FisherDiagonal expected, FisherDiagonal actual) {
        double distance = distance(expected, actual);
        assertTrue(distance < 1e-6, "relative distance " + distance);
    }

    private static double distance(FisherDiagonal a, FisherDiagonal b) {
        double difference = 0;
        double norm = 0;
        for (String name : a.names()) {
            double[] x = a.tensor(name).toDoubles();
            double[] y = b.tensor(name).toDoubles();
            for (int i = 0; i < x.length; i++) {
                difference += (x[i] - y[i]) * (x[i] - y[i]);
            }
            norm += Arrays.stream(x).map(v -> v * v).sum();
        }
        return Math.sqrt(difference / norm);
    }
}
