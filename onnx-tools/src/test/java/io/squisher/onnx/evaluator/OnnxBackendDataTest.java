package io.squisher.onnx.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.evaluator.testdata.BackendCoverage;
import io.squisher.onnx.evaluator.testdata.BackendCoverage.Outcome;
import io.squisher.onnx.evaluator.testdata.OfficialCases;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.TestAbortedException;

/** The evaluator against the ONNX project's own numbers. */
@Execution(ExecutionMode.CONCURRENT)
class OnnxBackendDataTest {
    private static final BackendCoverage COVERAGE = new BackendCoverage();

    /** Operators of which no statement is made, by what they work on; the rest of the data must pass. */
    private static final Pattern NOT_EVALUATED = Pattern.compile(
            // strings, sequences, optional values
            "tensors of string|'.*' is no tensor|operator (TfIdfVectorizer|Sequence.*|SplitToSequence)"
                    // random numbers
                    + "|Dropout: training mode is random|operator (Bernoulli|RandomUniformLike)"
                    // training steps, which no inference runtime has
                    + "|operator ai.onnx.preview.training:.*"
                    // quantized arithmetic
                    + "|operator (Q|Deq|DynamicQ|ConvInteger|MatMulInteger).*"
                    + "|Scan: opset 8.*");

    /**
     * Cases whose stored outputs are not exact: those of the window functions were made with π = 3.1415, those of
     * GridSample and RoiAlign were typed in with four decimals.
     */
    private static final Pattern ROUNDED_OUTPUTS = Pattern.compile("node/test_(.*window.*|gridsample_.*|roialign_.*)");

    private static final Tolerance ROUNDED = new Tolerance(1e-3, 0.1, 1e-7);

    @TestFactory
    Stream<DynamicTest> officialCases() {
        return OfficialCases.tests(OnnxBackendDataTest.class, OnnxBackendDataTest::check);
    }

    private static void check(Path folder) {
        String name = OnnxTestCase.name(folder);
        Set<String> operators = OnnxTestCase.operators(OnnxTestCase.model(folder));
        try {
            OnnxTestCase test = OnnxTestCase.read(folder);
            ReferenceEvaluator evaluator = new ReferenceEvaluator(test.model());
            for (OnnxTestCase.DataSet set : test.dataSets()) {
                Map<String, Value> outputs = evaluator.run(set.inputs());
                set.outputs().forEach((output, expected) -> {
                    Tolerance tolerance = ROUNDED_OUTPUTS.matcher(name).matches() ? ROUNDED : Tolerance.of(expected);
                    assertEquals(
                            "",
                            tolerance.difference(expected, outputs.get(output)).orElse(""),
                            "output " + output);
                });
            }
            COVERAGE.add(name, operators, Outcome.PASSED, "");
        } catch (UnsupportedModelException e) {
            COVERAGE.add(name, operators, Outcome.UNSUPPORTED, e.getMessage());
            assertTrue(NOT_EVALUATED.matcher(e.getMessage()).matches(), e.getMessage());
            throw new TestAbortedException("unsupported: " + e.getMessage());
        } catch (RuntimeException | AssertionError e) {
            COVERAGE.add(name, operators, Outcome.FAILED, e.getMessage());
            throw e;
        }
    }

    @AfterAll
    static void writeCoverage() throws IOException {
        if (!COVERAGE.byOperator().isEmpty()) {
            Files.writeString(Path.of("target", "evaluator-coverage.txt"), COVERAGE.report());
            System.out.println("ONNX backend data: " + COVERAGE.summary());
        }
    }
}
