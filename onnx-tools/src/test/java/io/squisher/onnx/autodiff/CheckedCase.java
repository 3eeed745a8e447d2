package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;
import io.squisher.onnx.evaluator.ReferenceEvaluator;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A case of the ONNX project's backend test data, or of ours where that has none, checked: our forward against the stored outputs, our gradient against
 * central differences.
 *
 * @param name as {@code node/test_relu}
 * @param operators what the model is made of
 * @param detail of a failure or of what stands in the way
 * @param compared how many derivatives were compared
 */
public record CheckedCase(String name, Set<String> operators, Status status, String detail, int compared) {
    /** Float32 on ONNX Runtime against NumPy or PyTorch; the project's own tests allow as much. */
    private static final Tolerance FORWARD = new Tolerance(1e-3, 0.1, 1e-5);

    private static final long SEED = 20260;

    /** How a case ended. */
    public enum Status {
        /** Forward and gradient agree. */
        PASSED,
        /** No floating-point number goes in, so there is no gradient. */
        WITHOUT_GRADIENT,
        /** We, ONNX Runtime or the evaluator refuse it, for a reason that is known and stands. */
        LIMITED,
        /** It is refused for no such reason. */
        REFUSED,
        /** Something differs. */
        FAILED
    }

    /** Checks the case in {@code folder}. */
    public static CheckedCase check(Path folder) {
        String name = OnnxTestCase.name(folder);
        Set<String> operators = OnnxTestCase.operators(OnnxTestCase.model(folder));
        return checked(name, operators, () -> {
            OnnxTestCase test = OnnxTestCase.read(folder);
            OnnxTestCase.DataSet set = test.dataSets().get(0);
            return new Example(test.model(), set.inputs(), set.outputs());
        });
    }

    /** Checks a case of ours, whose outputs are the evaluator's. */
    public static CheckedCase check(OneNodeModel test) {
        return checked(
                "own/" + test,
                OnnxTestCase.operators(test.model()),
                () -> new Example(test.model(), test.inputs(), ReferenceEvaluator.run(test.model(), test.inputs())));
    }

    /** A model with what goes in and what must come out. */
    private record Example(ModelProto model, Map<String, Value> inputs, Map<String, Value> outputs) {}

    private static CheckedCase checked(String name, Set<String> operators, Supplier<Example> source) {
        try {
            Example example = source.get();
            FrozenModel frozen = FrozenModel.of(example.model(), example.inputs());
            if (frozen.inputs().isEmpty()
                    && frozen.model().getGraph().getInitializerList().stream()
                            .noneMatch(tensor -> Value.of(tensor).isFloating())) {
                return new CheckedCase(name, operators, Status.WITHOUT_GRADIENT, "", 0);
            }
            GradientCheck.Report report = GradientCheck.check(frozen.model(), frozen.inputs(), SEED);
            List<String> differences = new ArrayList<>(report.differences());
            example.outputs().forEach((output, expected) -> forward(report, output, expected, differences));
            return differences.isEmpty()
                    ? new CheckedCase(name, operators, Status.PASSED, "", report.compared())
                    : stopped(name, operators, Status.FAILED, String.join("\n", differences));
        } catch (UnsupportedModelException | SquisherException e) {
            return stopped(name, operators, Status.REFUSED, e.getMessage());
        }
    }

    private static CheckedCase stopped(String name, Set<String> operators, Status status, String message) {
        return KnownLimits.reason(name, operators, message)
                .map(reason -> new CheckedCase(name, operators, Status.LIMITED, reason, 0))
                .orElseGet(() -> new CheckedCase(name, operators, status, message, 0));
    }

    private static void forward(GradientCheck.Report report, String output, Value expected, List<String> differences) {
        if (!report.outputs().containsKey(output)) {
            differences.add("the output '" + output + "' is missing");
            return;
        }
        Value actual = Value.of(report.outputs().get(output));
        if (actual.isFloating() && expected.isFloating()) {
            actual = Value.of(expected.type(), actual.dims(), actual.doubles());
        }
        Tolerance tolerance = expected.type() == ElementType.F32 ? FORWARD : Tolerance.of(expected);
        tolerance
                .difference(expected, actual)
                .ifPresent(difference -> differences.add("output '" + output + "': " + difference));
    }
}
