package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.onnx.autodiff.ExampleIndependence.Outcome;
import io.squisher.onnx.autodiff.ExampleIndependence.Result;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** Rules on a batch against rules on its examples, on every case that takes a batch. */
class ExampleIndependenceTest {
    private static final Map<Outcome, Integer> COUNTS = new TreeMap<>();

    @TestFactory
    Stream<DynamicTest> officialNodes() {
        assumeTrue(
                Files.isDirectory(OnnxTestCase.folder()),
                "skipped: no ONNX test data in " + OnnxTestCase.folder() + " (Debian package libonnx-testdata, or -D"
                        + OnnxTestCase.FOLDER_PROPERTY + ")");
        return OnnxTestCase.folders("node").stream()
                .map(folder -> DynamicTest.dynamicTest(
                        folder.getFileName().toString(),
                        () -> judge(() -> {
                            OnnxTestCase test = OnnxTestCase.read(folder);
                            return FrozenModel.of(
                                    test.model(), test.dataSets().get(0).inputs());
                        })));
    }

    @TestFactory
    Stream<DynamicTest> casesThatTheProjectLacks() {
        return RuntimeCases.all()
                .map(test -> DynamicTest.dynamicTest(
                        test.toString(), () -> judge(() -> FrozenModel.of(test.model(), test.inputs()))));
    }

    private static void judge(Supplier<FrozenModel> source) {
        Result result;
        try {
            result = ExampleIndependence.check(source.get());
        } catch (UnsupportedModelException e) {
            throw new TestAbortedException(e.getMessage());
        }
        COUNTS.merge(result.outcome(), 1, Integer::sum);
        if (result.outcome() == Outcome.MIXED) {
            fail(result.detail());
        }
    }

    @AfterAll
    static void summary() {
        System.out.println("examples of batches: " + COUNTS);
    }
}
