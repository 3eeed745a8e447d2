package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OnnxTestCase;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.tensor.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A case of the ONNX project's backend test data, checked: our forward against the stored outputs, our gradient against
 * central differences.
 *
 * @param name as {@code node/test_relu}
 * @param operators what the model is made of
 * @param detail of a failure or of what stands in the way
 * @param compared how many derivatives were compared
 */
public record OfficialCase(String name, Set<String> operators, Status status, String detail, int compared) {
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
    public static OfficialCase check(Path folder) {
        String name = folder.getParent().getFileName() + "/" + folder.getFileName();
        Set<String> operators = OnnxTestCase.operators(OnnxTestCase.model(folder));
        try {
            OnnxTestCase test = OnnxTestCase.read(folder);
            List<String> differences = new ArrayList<>();
            int compared = 0;
            boolean floating = false;
            for (OnnxTestCase.DataSet set : test.dataSets().subList(0, 1)) {
                FrozenModel frozen = FrozenModel.of(test.model(), set.inputs());
                if (frozen.inputs().isEmpty()
                        && frozen.model().getGraph().getInitializerList().stream()
                                .noneMatch(tensor -> Value.of(tensor).isFloating())) {
                    continue;
                }
                floating = true;
                GradientCheck.Report report = GradientCheck.check(frozen.model(), frozen.inputs(), SEED);
                differences.addAll(report.differences());
                compared += report.compared();
                set.outputs().forEach((output, expected) -> forward(report, output, expected, differences));
            }
            if (differences.isEmpty()) {
                return new OfficialCase(
                        name, operators, floating ? Status.PASSED : Status.WITHOUT_GRADIENT, "", compared);
            }
            return stopped(name, operators, Status.FAILED, String.join("\n", differences));
        } catch (UnsupportedModelException | SquisherException e) {
            return stopped(name, operators, Status.REFUSED, e.getMessage());
        }
    }

    private static OfficialCase stopped(String name, Set<String> operators, Status status, String message) {
        return KnownLimits.reason(name, operators, message)
                .map(reason -> new OfficialCase(name, operators, Status.LIMITED, reason, 0))
                .orElseGet(() -> new OfficialCase(name, operators, status, message, 0));
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
