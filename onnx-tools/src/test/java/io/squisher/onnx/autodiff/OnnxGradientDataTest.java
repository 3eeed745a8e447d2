package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.squisher.onnx.evaluator.testdata.OfficialCases;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * The ONNX project's own cases and ours: forward against the stored outputs, gradients against central differences. What
 * becomes of each is what is recorded, from which {@code docs/operators.md} is written.
 */
class OnnxGradientDataTest {
    private static final Map<CheckedCase.Status, Integer> COUNTS = new TreeMap<>();
    private static final Map<String, RecordedCase> RECORDED = RecordedCase.all();

    @TestFactory
    Stream<DynamicTest> officialCases() {
        return OfficialCases.tests(OnnxGradientDataTest.class, folder -> judge(CheckedCase.check(folder)));
    }

    @TestFactory
    Stream<DynamicTest> casesThatTheProjectLacks() {
        return RuntimeCases.all()
                .map(test -> DynamicTest.dynamicTest(test.toString(), () -> judge(CheckedCase.check(test))));
    }

    private static void judge(CheckedCase result) {
        COUNTS.merge(result.status(), 1, Integer::sum);
        if (result.status() == CheckedCase.Status.FAILED || result.status() == CheckedCase.Status.REFUSED) {
            fail(result.name() + ": " + result.detail());
        }
        RecordedCase recorded = RECORDED.get(result.name());
        if (recorded != null) {
            assertEquals(
                    recorded,
                    RecordedCase.of(result),
                    "run OperatorsPageTest with -Dsquisher.record=true to record what becomes of the cases");
        }
        if (result.status() != CheckedCase.Status.PASSED) {
            throw new TestAbortedException(result.detail());
        }
    }

    @AfterAll
    static void summary() {
        System.out.println("gradients of official and own cases: " + COUNTS);
    }
}
