package io.squisher.onnx.autodiff;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Why official cases that are refused are right to be refused; anything else is a failure. */
final class KnownLimits {
    private record Limit(Pattern where, String reason) {}

    private static final List<Limit> BY_MESSAGE = List.of(
            limit("tensors of string", "text has no gradient"),
            limit(
                    "is no tensor",
                    "a value is a sequence or an optional, which have no gradient here; export with plain tensors"),
            limit(
                    "takes a number of steps that is only known when the graph runs",
                    "the number of a loop's steps follows from values; export with fixed control flow (for PyTorch:"
                            + " trace the model)"),
            limit("Scan: opset 8", "Scan of opset 8 has a batch axis of its own; export with a later opset"),
            limit("training mode", "training mode mixes examples or is random; models are differentiated in eval mode"),
            limit("operator ai\\.onnx\\.preview\\.training:.*", "it is an optimizer's step, not part of a network"));

    private static final List<Limit> BY_NAME = List.of(
            limit(
                    "node/test_maxunpool_export_with_output_shape",
                    "ONNX Runtime puts elements elsewhere than the standard says"),
            limit(
                    "node/test_resize_downsample_scales_(cubic|linear)_align_corners",
                    "ONNX Runtime and the standard align corners differently where scales give a fractional size"),
            limit(
                    "pytorch-operator/test_operator_(add_.*|addconstant)",
                    "the stored numbers are as large as 1e199, beyond float32"),
            limit(
                    "node/test_pow_types_float32_uint(32|64)",
                    "ONNX Runtime has no Pow whose exponent is an unsigned integer"));

    private KnownLimits() {}

    private static Limit limit(String where, String reason) {
        return new Limit(Pattern.compile(where), reason);
    }

    /** The reasons that do not follow from the table of operators. */
    static List<String> reasons() {
        return Stream.concat(BY_MESSAGE.stream(), BY_NAME.stream())
                .map(Limit::reason)
                .toList();
    }

    /** The reason why a case is not covered. */
    static Optional<String> reason(String name, Set<String> operators, String message) {
        for (Limit limit : BY_NAME) {
            if (limit.where.matcher(name).matches()) {
                return Optional.of(limit.reason);
            }
        }
        for (Limit limit : BY_MESSAGE) {
            if (limit.where.matcher(message).find()) {
                return Optional.of(limit.reason);
            }
        }
        return operators.stream()
                .filter(operator -> message.equals("operator " + operator)
                        || OperatorState.of(operator).equals(Optional.of(OperatorState.REFUSED)))
                .map(operator -> OperatorState.of(operator).equals(Optional.of(OperatorState.NOT_DIFFERENTIABLE))
                        ? "no gradient passes " + operator
                        : operator + " " + OperatorState.reason(operator))
                .findFirst();
    }
}
