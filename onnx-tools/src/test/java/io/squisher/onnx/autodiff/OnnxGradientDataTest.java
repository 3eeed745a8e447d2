package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** The ONNX project's own cases: forward against the stored outputs, gradients against central differences. */
class OnnxGradientDataTest {
    private static final Map<CheckedCase.Status, Integer> COUNTS = new TreeMap<>();

    @TestFactory
    Stream<DynamicTest> nodeCases() {
        return cases("node");
    }

    @TestFactory
    Stream<DynamicTest> simpleModels() {
        return cases("simple");
    }

    @TestFactory
    Stream<DynamicTest> convertedPytorchModels() {
        return cases("pytorch-converted");
    }

    @TestFactory
    Stream<DynamicTest> pytorchOperators() {
        return cases("pytorch-operator");
    }

    @TestFactory
    Stream<DynamicTest> casesThatTheProjectLacks() {
        return RuntimeCases.all()
                .map(test -> DynamicTest.dynamicTest(test.toString(), () -> judge(CheckedCase.check(test))));
    }

    private static Stream<DynamicTest> cases(String group) {
        assumeTrue(
                Files.isDirectory(OnnxTestCase.folder()),
                "skipped: no ONNX test data in " + OnnxTestCase.folder() + " (Debian package libonnx-testdata, or -D"
                        + OnnxTestCase.FOLDER_PROPERTY + ")");
        return OnnxTestCase.folders(group).stream()
                .map(folder -> DynamicTest.dynamicTest(
                        folder.getFileName().toString(), () -> judge(CheckedCase.check(folder))));
    }

    private static void judge(CheckedCase result) {
        COUNTS.merge(result.status(), 1, Integer::sum);
        switch (result.status()) {
            case FAILED, REFUSED -> fail(result.name() + ": " + result.detail());
            case LIMITED, WITHOUT_GRADIENT -> throw new TestAbortedException(result.detail());
            default -> {}
        }
    }

    @AfterAll
    static void summary() {
        System.out.println("gradients of official and own cases: " + COUNTS);
    }
}
