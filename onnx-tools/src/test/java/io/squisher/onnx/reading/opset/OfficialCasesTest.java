package io.squisher.onnx.reading.opset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OfficialCases;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.tensor.ElementType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** What the reader makes of the ONNX project's own models, run by ONNX Runtime, against the outputs stored with them. */
class OfficialCasesTest {
    /** Float32 arithmetic in another order than NumPy's. */
    private static final Tolerance FLOAT32 = new Tolerance(1e-4, 0.1, 1e-6);

    private static final Set<ElementType> UNSIGNED = Set.of(ElementType.U16, ElementType.U32, ElementType.U64);

    /** Cases that are left out, and why. */
    private static final Map<Pattern, String> LEFT_OUT = leftOut();

    private static Map<Pattern, String> leftOut() {
        Map<Pattern, String> reasons = new LinkedHashMap<>();
        reasons.put(Pattern.compile("test_(adagrad|adam|momentum|nesterov|gradient_of).*"), "an operator of training");
        reasons.put(Pattern.compile("test_(training_dropout|batchnorm.*training).*"), "training mode is refused");
        reasons.put(
                Pattern.compile(
                        "test_(basic_convinteger|convinteger|dequantizelinear|dynamicquantizelinear|matmulinteger"
                                + "|qlinear|quantizelinear).*"),
                "quantized models are refused");
        reasons.put(Pattern.compile("test_bernoulli.*"), "random");
        reasons.put(Pattern.compile("test_.*window.*"), "stored outputs were made with π = 3.1415");
        reasons.put(Pattern.compile("test_roialign_.*"), "stored outputs have four decimals");
        reasons.put(
                Pattern.compile("test_(bitshift_.*_uint16|(max|min)_u?int(8|16)|pow_types_float32_uint.*)"),
                "ONNX Runtime has no kernel for the type");
        reasons.put(Pattern.compile("test_castlike.*BFLOAT16.*"), "the case declares another shape than it feeds");
        reasons.put(
                Pattern.compile("test_(if|loop11|loop13_seq|loop16|scan|range_.*_expanded|sequence_map).*"),
                "decided when the graph runs");
        reasons.put(
                Pattern.compile("test_operator_add(_.*broadcast|constant)"), "stored values are too large for float32");
        reasons.put(
                Pattern.compile("test_resize_downsample_scales_(cubic|linear)_align_corners"),
                "ONNX Runtime rounds the length before it computes the coordinates");
        reasons.put(
                Pattern.compile("test_maxunpool_export_with_output_shape"),
                "ONNX Runtime reads the indices in the shape before padding");
        return reasons;
    }

    @TestFactory
    Stream<DynamicTest> officialCases() {
        return OfficialCases.tests(OfficialCasesTest.class, OfficialCasesTest::check);
    }

    private static void check(Path folder) {
        LEFT_OUT.forEach((pattern, reason) ->
                assumeTrue(!pattern.matcher(folder.getFileName().toString()).matches(), "left out: " + reason));
        OnnxTestCase test;
        try {
            test = OnnxTestCase.read(folder);
        } catch (UnsupportedModelException e) {
            throw new TestAbortedException("left out: " + e.getMessage());
        }
        for (OnnxTestCase.DataSet set : test.dataSets()) {
            assumeTrue(
                    set.inputs().values().stream().noneMatch(value -> UNSIGNED.contains(value.type())),
                    "left out: ONNX Runtime for Java takes no such integers");
            Map<String, Value> outputs = RaisedGraph.run(test.model(), set.inputs());
            set.outputs()
                    .forEach((output, expected) -> assertEquals(
                            "",
                            tolerance(expected)
                                    .difference(RaisedGraph.float32(expected), outputs.get(output))
                                    .orElse(""),
                            "output " + output));
        }
    }

    /** Numbers of half precision were rounded on the way. */
    private static Tolerance tolerance(Value expected) {
        return switch (expected.type()) {
            case F16 -> new Tolerance(2e-3, 0.1, 1e-5);
            case BF16 -> new Tolerance(1.6e-2, 0.1, 1e-5);
            default -> FLOAT32;
        };
    }
}
