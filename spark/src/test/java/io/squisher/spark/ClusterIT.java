package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.Fisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cluster of processes that lose each other: the shaded jar by spark-submit, an executor that halts in the middle of a partition, a
 * worker that is killed, a task that another attempt overtakes, a driver that dies, and one whose heap is smaller than the sums.
 */
class ClusterIT {
    private static final int DRIVER_MEGABYTES = 180;
    private static final long ROWS = 640;

    @TempDir
    static Path folder;

    private static StandaloneCluster cluster;

    @BeforeAll
    static void runAll() throws IOException, InterruptedException {
        cluster = new StandaloneCluster(folder, 1200);
        ClusterData.writeSmall(folder.resolve("small.parquet"), ROWS);
        ClusterData.writeLarge(folder.resolve("large.parquet"), folder.resolve("large.onnx"));
        String said = submit(
                folder.toString(),
                ClusterData.SMALL_MODEL.toString(),
                folder.resolve("large.onnx").toString());
        assertEquals("", said);
    }

    private static String submit(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "--class",
                ClusterApplication.class.getName(),
                "--conf",
                "spark.testing.memory=536870912",
                "--conf",
                "spark.executor.memory=1100m",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.speculation=true",
                "--conf",
                "spark.speculation.quantile=0.5",
                "--conf",
                "spark.speculation.multiplier=1.5",
                "--conf",
                "spark.sql.files.minPartitionNum=4",
                "--conf",
                "spark.driver.bindAddress=127.0.0.1",
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--jars",
                jar("onnxruntime") + "," + System.getProperty("squisher.spark.jar"),
                System.getProperty("squisher.spark.tests")));
        words.addAll(List.of(arguments));
        return cluster.submit(DRIVER_MEGABYTES, words);
    }

    private static String jar(String name) {
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith(name))
                .collect(Collectors.joining(","));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ClusterFault.Kind.class,
            names = {"HALT", "KILL_WORKER", "STRAGGLE"})
    void faultsChangeNoBit(ClusterFault.Kind kind) throws IOException {
        assertTrue(Files.exists(folder.resolve(kind + ".struck")), "nothing happened");
        requireSame(folder.resolve("NONE.safetensors"), folder.resolve(kind + ".safetensors"));
    }

    private static void requireSame(Path calmFile, Path struckFile) throws IOException {
        try (FisherFile calm = FisherFile.open(calmFile);
                FisherFile struck = FisherFile.open(struckFile)) {
            assertEquals(ROWS, struck.diagonal().provenance().getExampleCount());
            for (String name : calm.diagonal().names()) {
                assertArrayEquals(
                        calm.diagonal().tensors().get(name).toFloats(),
                        struck.diagonal().tensors().get(name).toFloats(),
                        0,
                        name);
            }
        }
    }

    @Test
    void aDriverThatDiesLeavesTheOldFileAndGivesTheSameWhenRunAgain() throws IOException, InterruptedException {
        Path file = folder.resolve("again.safetensors");
        Files.writeString(file, "of an earlier run");
        assertNotEquals("", submit(folder.toString(), ClusterData.SMALL_MODEL.toString()), "the driver went on");
        assertTrue(Files.exists(folder.resolve("DIE.struck")), "the driver ended before the middle");
        assertEquals("of an earlier run", Files.readString(file));
        assertEquals("", submit(folder.toString(), ClusterData.SMALL_MODEL.toString()));
        requireSame(folder.resolve("NONE.safetensors"), file);
    }

    @Test
    void aDriverNeedsNoHeapForTheSums() throws IOException {
        try (FisherFile file = FisherFile.open(folder.resolve("large.safetensors"))) {
            long elements = file.diagonal().tensors().values().stream()
                    .mapToLong(tensor -> tensor.size())
                    .sum();
            assertTrue(elements > 25_000_000, elements + " parameters");
            assertTrue(elements * 8 > (long) DRIVER_MEGABYTES << 20, "the heap would hold them");
            assertEquals(ClusterData.LARGE_ROWS, file.diagonal().provenance().getExampleCount());
        }
    }

    @Test
    void oneMachineGivesTheSame() {
        FisherDiagonal alone = Fisher.of(folder.resolve("large.onnx"))
                .array("input", ClusterData.largeFeatures())
                .array("labels", ClusterData.largeLabels())
                .compute();
        try (FisherFile file = FisherFile.open(folder.resolve("large.safetensors"))) {
            Distance.requireBelow(1e-6, alone, file.diagonal(), "25 million parameters");
        }
    }
}
