package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of elementwise operators. */
public final class ElementwiseOperators {
    private ElementwiseOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .all(UnaryOperators.table())
                .all(ActivationOperators.table())
                .all(ArithmeticOperators.table())
                .all(LogicOperators.table())
                .one("Cast", Cast::cast)
                .one("CastLike", Cast::castLike)
                .one("Clip", Clip::evaluate)
                .one("Where", Where::evaluate)
                .many("Dropout", Dropout::evaluate);
    }
}
