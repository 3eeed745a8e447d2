package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.Fisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * worker that is killed, a task that another attempt overtakes, and a driver whose heap is smaller than the sums.
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
        String said = cluster.submit(
                DRIVER_MEGABYTES,
                List.of(
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
                        System.getProperty("squisher.spark.tests"),
                        folder.toString(),
                        ClusterData.SMALL_MODEL.toString(),
                        folder.resolve("large.onnx").toString()));
        assertEquals("", said);
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
        try (FisherFile calm = FisherFile.open(folder.resolve("NONE.safetensors"));
                FisherFile struck = FisherFile.open(folder.resolve(kind + ".safetensors"))) {
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
