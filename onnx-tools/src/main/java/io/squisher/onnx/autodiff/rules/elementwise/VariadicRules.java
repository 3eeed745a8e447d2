package io.squisher.onnx.autodiff.rules.elementwise;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Derivatives of elementwise operators of any number of tensors. */
public final class VariadicRules {
    public static final Map<String, GradientRule> ALL = Map.of(
            "Max",
            VariadicRules::extremum,
            "Mean",
            c -> each(c, c.ops().scale(c.dy(), 1.0 / c.node().inputs().size())),
            "Min",
            VariadicRules::extremum,
            "Sum",
            c -> each(c, c.dy()));

    private VariadicRules() {}

    private static Gradients each(RuleContext c, Value gradient) {
        return Gradients.of(Collections.nCopies(c.node().inputs().size(), gradient));
    }

    /** The gradient goes to the inputs that equal the output, in equal parts. */
    private static Gradients extremum(RuleContext c) {
        Ops ops = c.ops();
        List<Value> chosen = new ArrayList<>();
        Value count = null;
        for (int i = 0; i < c.node().inputs().size(); i++) {
            Value equal = ops.cast(ops.equal(c.x(i), c.y(0)), DataType.FLOAT_VALUE);
            chosen.add(equal);
            count = count == null ? equal : ops.add(count, equal);
        }
        Value share = ops.div(c.dy(), count);
        return Gradients.of(chosen.stream().map(equal -> ops.mul(share, equal)).toList());
    }
}
