package io.squisher.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fuzzes one reader after the other, each in a Java of its own with little memory. {@code -Dsquisher.fuzz.seconds=600} is for
 * each of them, {@code -Dsquisher.fuzz.readers=ONNX,NPZ} names some. The seed is fixed unless {@code -Dsquisher.fuzz.seed} gives
 * another, so that a build fails for its own changes. What is found stays under {@code target/fuzz}.
 */
class ReadersFuzz {
    private static final Path FOLDER = Path.of("target/fuzz").toAbsolutePath();

    @ParameterizedTest
    @EnumSource(FuzzedReader.class)
    void nothingEscapes(FuzzedReader reader) throws IOException, InterruptedException {
        String readers = System.getProperty("squisher.fuzz.readers", "");
        assumeTrue(readers.isEmpty() || List.of(readers.split(",")).contains(reader.name()), "not asked for");
        Path own = FOLDER.resolve(reader.name());
        Path seeds = Files.createDirectories(own.resolve("seeds"));
        Path corpus = Files.createDirectories(own.resolve("corpus"));
        for (Map.Entry<String, byte[]> seed : reader.seeds().entrySet()) {
            Files.write(seeds.resolve(seed.getKey()), seed.getValue());
        }
        File log = own.resolve("log").toFile();
        Process fuzzing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzTarget.class.getName(),
                        "--target_args=" + reader,
                        "--instrumentation_includes=io.squisher.**",
                        "--custom_hook_includes=io.squisher.**",
                        "--reproducer_path=" + own,
                        "-artifact_prefix=" + own + "/",
                        "-seed=" + Integer.getInteger("squisher.fuzz.seed", 1),
                        "-max_total_time=" + Integer.getInteger("squisher.fuzz.seconds", 5),
                        "-timeout=25",
                        "-rss_limit_mb=2000",
                        "-max_len=60000",
                        corpus.toString(),
                        seeds.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertEquals(0, fuzzing.waitFor(), reader + ": see " + log);
    }
}
