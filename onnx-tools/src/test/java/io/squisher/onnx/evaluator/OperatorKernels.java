package io.squisher.onnx.evaluator;

import io.squisher.onnx.evaluator.elementwise.ElementwiseOperators;
import io.squisher.onnx.evaluator.shape.ShapeOperators;
import java.util.Map;

/** All operators that the evaluator knows. */
public final class OperatorKernels {
    private static final Map<String, OperatorKernel> KERNELS = new OperatorTable()
            .all(ElementwiseOperators.table())
            .all(ShapeOperators.table())
            .kernels();

    private OperatorKernels() {}

    /** The names of all operators, {@code domain:Name} outside the default domain. */
    public static java.util.Set<String> names() {
        return KERNELS.keySet();
    }

    static OperatorKernel find(String domain, String operator) {
        String name = domain.isEmpty() ? operator : domain + ":" + operator;
        OperatorKernel kernel = KERNELS.get(name);
        if (kernel == null) {
            throw new UnsupportedModelException("operator " + name);
        }
        return kernel;
    }
}
