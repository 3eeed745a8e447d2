package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.fail;

import io.squisher.onnx.autodiff.ExampleIndependence.Outcome;
import io.squisher.onnx.autodiff.ExampleIndependence.Result;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.testdata.OfficialCases;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
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
    Stream<DynamicTest> officialCases() {
        return OfficialCases.tests(
                ExampleIndependenceTest.class,
                folder -> judge(() -> {
                    OnnxTestCase test = OnnxTestCase.read(folder);
                    return FrozenModel.of(test.model(), test.dataSets().get(0).inputs());
                }));
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
