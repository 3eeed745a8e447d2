package io.squisher.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What comes onto the class path of a user of each published module: a newcomer is meant, and then is in the list in
 * {@code src/test/resources/runtime}, or it is the leftover of another library, and then is excluded in the POM.
 */
class RuntimeLibrariesTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @ParameterizedTest
    @CsvSource({
        "protos/relocated, squisher-relocated",
        "protos, squisher-protos",
        "tf-plugin, squisher-tf-plugin",
        "onnx-tools, squisher-onnx-tools",
        "apps/library, squisher-apps",
        "apps/report, squisher-report",
        "apps/cli, squisher-cli"
    })
    void aModuleBringsWhatIsMeantAndNothingElse(String module, String artifact) throws IOException {
        Path meant = Path.of("src/test/resources/runtime", artifact + ".txt");
        assertEquals(
                String.join("\n", Files.readAllLines(meant)),
                String.join("\n", libraries(ROOT.resolve(module).resolve("target/runtime-libraries.txt"))),
                () -> "the libraries of " + artifact + " and the list " + meant);
    }

    /** {@code group:artifact} and where there is one {@code :classifier}, of every line that names a library. */
    private static TreeSet<String> libraries(Path list) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(list)) {
            String[] parts = line.strip().split(" ")[0].split(":");
            // What is optional comes to nobody who does not ask for it.
            if (parts.length >= 5 && !line.contains("(optional)")) {
                // The profile "gpu" has another build of the same library.
                String name = parts[0] + ":" + parts[1].replace("onnxruntime_gpu", "onnxruntime");
                names.add(parts.length == 5 ? name : name + ":" + parts[3]);
            }
        }
        return names;
    }
}
