package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.tensor.ElementType;

/** Functions of one input, and of several that are broadcast. */
final class ElementwiseFamily {
    private ElementwiseFamily() {}

    static OneNodeModel unary(Draw d) {
        int[] dims = d.dims(d.between(0, 4));
        String operator = d.oneOf(
                "Abs",
                "Acos",
                "Acosh",
                "Asin",
                "Asinh",
                "Atan",
                "Atanh",
                "Celu",
                "Clip",
                "Cos",
                "Cosh",
                "Elu",
                "Erf",
                "Exp",
                "Gelu",
                "HardSigmoid",
                "HardSwish",
                "Identity",
                "LeakyRelu",
                "Log",
                "Mish",
                "Neg",
                "Reciprocal",
                "Relu",
                "Round",
                "Selu",
                "Shrink",
                "Sigmoid",
                "Sin",
                "Sinh",
                "Softplus",
                "Softsign",
                "Sqrt",
                "Tan",
                "Tanh",
                "ThresholdedRelu");
        OneNodeModel model = op(operator, d.oneOf(20, 21, 22));
        return switch (operator) {
            case "Acos", "Asin", "Atanh" -> model.input(d.uniform(-0.95, 0.95, dims));
            case "Acosh" -> model.input(d.uniform(1.05, 4, dims));
            case "Log", "Sqrt", "Reciprocal" -> model.input(d.uniform(0.2, 3, dims));
            case "Tan" -> model.input(d.uniform(-1.2, 1.2, dims));
            case "Celu", "Elu", "LeakyRelu", "ThresholdedRelu" -> tuned(model.input(d.normal(dims)), d, "alpha");
            case "Selu" -> tuned(tuned(model.input(d.normal(dims)), d, "alpha"), d, "gamma");
            case "HardSigmoid" -> tuned(tuned(model.input(d.uniform(-4, 4, dims)), d, "alpha"), d, "beta");
            case "Shrink" -> tuned(tuned(model.input(d.uniform(-2, 2, dims)), d, "lambd"), d, "bias");
            case "Gelu" -> model.input(d.normal(dims)).with("approximate", d.oneOf("none", "tanh"));
            case "Clip" -> clip(model.input(d.normal(dims)), d);
            default -> model.input(d.normal(dims));
        };
    }

    private static OneNodeModel tuned(OneNodeModel model, Draw d, String attribute) {
        return d.coin() ? model.with(attribute, d.real(0.1, 1.6)) : model;
    }

    private static OneNodeModel clip(OneNodeModel model, Draw d) {
        if (d.coin()) {
            model.input(Value.scalar((float) d.real(-1, 0)));
        } else {
            model.missing();
        }
        return d.coin() ? model.input(Value.scalar((float) d.real(0.1, 1))) : model;
    }

    static OneNodeModel broadcasting(Draw d) {
        int[] dims = d.dims(d.between(0, 4));
        String operator =
                d.oneOf("Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Mod", "Max", "Min", "Mean", "Sum", "Where");
        OneNodeModel model = op(operator, d.oneOf(16, 18, 21));
        return switch (operator) {
            case "Div" -> model.input(d.normal(d.broadcastTo(dims))).input(d.uniform(0.3, 2, d.broadcastTo(dims)));
            case "Pow" ->
                model.input(d.uniform(0.3, 2, d.broadcastTo(dims))).input(d.uniform(-2, 2, d.broadcastTo(dims)));
            // Its second input is broadcast to the first, not the other way.
            case "PRelu" -> model.input(d.normal(dims)).input(d.normal(d.broadcastTo(dims)));
            case "Mod" ->
                model.input(d.uniform(-3, 3, d.broadcastTo(dims)))
                        .input(d.uniform(0.4, 1.5, d.broadcastTo(dims)))
                        .with("fmod", 1);
            case "Max", "Min", "Mean", "Sum" -> {
                for (int i = d.between(1, 4); i > 0; i--) {
                    model.input(d.normal(d.broadcastTo(dims)));
                }
                yield model;
            }
            case "Where" -> {
                Value chosen = d.integers(0, 1, d.broadcastTo(dims));
                yield model.input(Value.of(ElementType.BOOL, chosen.dims(), chosen.longs()))
                        .input(d.normal(d.broadcastTo(dims)))
                        .input(d.normal(d.broadcastTo(dims)));
            }
            default -> model.input(d.normal(d.broadcastTo(dims))).input(d.normal(d.broadcastTo(dims)));
        };
    }
}
