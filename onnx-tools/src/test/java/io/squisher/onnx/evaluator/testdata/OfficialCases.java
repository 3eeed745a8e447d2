package io.squisher.onnx.evaluator.testdata;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.cases.SomeCases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The ONNX project's backend test data: a folder for each case, in four groups. */
public final class OfficialCases {
    /** System property with the folder that holds the groups. */
    private static final String FOLDER_PROPERTY = "squisher.onnx.testdata";

    private static final String DEBIAN_FOLDER = "/usr/lib/python3/dist-packages/onnx/backend/test/data";

    private static final List<String> GROUPS = List.of("node", "simple", "pytorch-converted", "pytorch-operator");

    private OfficialCases() {}

    /** What is done with a case. */
    @FunctionalInterface
    public interface Check {
        void on(Path folder) throws Exception;
    }

    /**
     * A test for each case, named as {@code node/test_relu}, without {@code -Pslow} for one in four; skipped where the data is
     * missing.
     *
     * @param test chooses among the cases
     */
    public static Stream<DynamicTest> tests(Class<?> test, Check check) {
        assumeTrue(
                Files.isDirectory(data()),
                "skipped: no ONNX test data in " + data() + " (Debian package libonnx-testdata, or -D" + FOLDER_PROPERTY
                        + ")");
        return SomeCases.of(folders(), 4, test.getSimpleName()).stream()
                .map(folder -> DynamicTest.dynamicTest(OnnxTestCase.name(folder), () -> check.on(folder)));
    }

    /** The folders of all cases, by group and name; none where the data is missing. */
    public static List<Path> folders() {
        return GROUPS.stream().flatMap(group -> folders(group).stream()).toList();
    }

    private static List<Path> folders(String group) {
        Path parent = data().resolve(group);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> cases = Files.list(parent)) {
            return cases.filter(folder -> Files.exists(folder.resolve("model.onnx")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path data() {
        String property = System.getProperty(FOLDER_PROPERTY, "");
        return Path.of(property.isEmpty() ? DEBIAN_FOLDER : property);
    }
}
