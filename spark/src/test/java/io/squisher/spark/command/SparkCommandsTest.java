package io.squisher.spark.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Main;
import io.squisher.fisher.FisherFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program for spark-submit, in the session of the tests. */
class SparkCommandsTest {
    private static final Path MODEL = Path.of("../onnx-tools/src/test/resources/fixtures/mlp_relu/model.onnx")
            .toAbsolutePath();

    @TempDir
    static Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void data() {
        SparkSession session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        session.range(40)
                .withColumn("x", functions.expr("transform(sequence(1, 20), i -> float(sin(i * (id + 1))))"))
                .withColumn("y", functions.expr("id % 5"))
                .withColumn("task", functions.expr("id % 2"))
                .coalesce(2)
                .write()
                .parquet(folder.resolve("data.parquet").toString());
    }

    private ExitCode run(Object... words) {
        String[] arguments =
                java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        return SparkFisherMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    @Test
    void writesAFisher() {
        Path target = folder.resolve("fisher.safetensors");
        ExitCode code = run(
                MODEL, "--data", folder.resolve("data.parquet"), "--feed", "input=x", "--labels", "y", "-o", target);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertEquals(ExitCode.DONE, code);
        assertEquals(
                "wrote " + target + ": the Fisher over 40 examples",
                out.toString(StandardCharsets.UTF_8).strip());
        try (FisherFile file = FisherFile.open(target)) {
            assertEquals(40, file.diagonal().provenance().getExampleCount());
        }
    }

    @Test
    void writesAFisherOfEachGroup() {
        Path target = folder.resolve("tasks");
        ExitCode code = run(
                MODEL,
                "--data",
                folder.resolve("data.parquet"),
                "--feed",
                "input=x",
                "--labels",
                "y",
                "--by",
                "task",
                "-o",
                target);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertEquals(ExitCode.DONE, code);
        assertTrue(Files.exists(target.resolve("0.safetensors")));
        assertTrue(Files.exists(target.resolve("1.safetensors")));
    }

    @Test
    void saysInOneLineWhatIsMissing() {
        Path target = folder.resolve("none.safetensors");
        assertEquals(ExitCode.FAILED, run(MODEL, "--data", folder.resolve("no.parquet"), "-o", target));
        String said = err.toString(StandardCharsets.UTF_8);
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains("no.parquet"), said);
        assertFalse(Files.exists(target));
    }

    @Test
    void theCommandLineSendsClustersToSparkSubmit() {
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "fisher",
                MODEL.toString(),
                "--spark",
                "spark://host:7077",
                "--data",
                folder.resolve("data.parquet").toString(),
                "-o",
                folder.resolve("refused.safetensors").toString());
        assertEquals(ExitCode.WRONG_USAGE.number(), code);
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(
                said.contains(
                        "--spark takes local, local[N] or local[*]; on the cluster 'spark://host:7077' the program is run by"
                                + " spark-submit (docs/scale.md says how)"),
                said);
    }

    @Test
    void refusesWhatOnlyOneMachineTakes() {
        assertEquals(ExitCode.WRONG_USAGE, run(MODEL, "--data", "a.parquet", "--threads", "2", "-o", "b.safetensors"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("--threads does not go with --spark"));
    }
}
