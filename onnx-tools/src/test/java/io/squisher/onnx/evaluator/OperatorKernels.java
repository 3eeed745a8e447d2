package io.squisher.onnx.evaluator;

import io.squisher.onnx.evaluator.attention.AttentionOperators;
import io.squisher.onnx.evaluator.control.ControlOperators;
import io.squisher.onnx.evaluator.convolution.ConvolutionOperators;
import io.squisher.onnx.evaluator.elementwise.ElementwiseOperators;
import io.squisher.onnx.evaluator.fused.FusedOperators;
import io.squisher.onnx.evaluator.indexing.IndexingOperators;
import io.squisher.onnx.evaluator.linear.LinearOperators;
import io.squisher.onnx.evaluator.loss.LossOperators;
import io.squisher.onnx.evaluator.normalization.NormalizationOperators;
import io.squisher.onnx.evaluator.recurrent.RecurrentOperators;
import io.squisher.onnx.evaluator.reduction.ReductionOperators;
import io.squisher.onnx.evaluator.regions.RegionOperators;
import io.squisher.onnx.evaluator.sampling.SamplingOperators;
import io.squisher.onnx.evaluator.shape.ShapeOperators;
import io.squisher.onnx.evaluator.signal.SignalOperators;
import java.util.Map;
import java.util.Set;

/** All operators that the evaluator knows. */
public final class OperatorKernels {
    private static final Map<String, OperatorKernel> KERNELS = new OperatorTable()
            .all(ElementwiseOperators.table())
            .all(ConvolutionOperators.table())
            .all(LinearOperators.table())
            .all(NormalizationOperators.table())
            .all(ReductionOperators.table())
            .all(IndexingOperators.table())
            .all(LossOperators.table())
            .all(RecurrentOperators.table())
            .all(SamplingOperators.table())
            .all(ControlOperators.table())
            .all(AttentionOperators.table())
            .all(FusedOperators.table())
            .all(RegionOperators.table())
            .all(SignalOperators.table())
            .all(ShapeOperators.table())
            .kernels();

    private OperatorKernels() {}

    /** The names of all operators, {@code domain:Name} outside the default domain. */
    public static Set<String> names() {
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
