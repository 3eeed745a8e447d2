package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that may not have the memory that a batch wants halves it until it fits, and comes to the same result. */
class OutOfMemoryTest {
    /** Kibibytes of addresses: enough for Java and a batch of some hundred examples. */
    private static final int LIMIT = 3_200_000;

    @Test
    @Tag("slow")
    @EnabledOnOs(OS.LINUX)
    void halvesTheBatchUntilItFits() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "ulimit -v " + LIMIT + " && exec \"$0\" \"$@\"";
        Process child = new ProcessBuilder(
                        "sh",
                        "-c",
                        command,
                        java,
                        "-Xmx192m",
                        "-XX:CompressedClassSpaceSize=32m",
                        "-XX:ReservedCodeCacheSize=48m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WideModel.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes());
        assertEquals(0, child.waitFor(), output);
        assertTrue(
                output.contains("out of memory with " + WideModel.EXAMPLES + " examples at once, going on with 512"),
                output);
        String difference = output.lines()
                .filter(line -> line.startsWith("difference "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output));
        assertTrue(Double.parseDouble(difference.substring("difference ".length())) < 1e-5, output);
    }
}
