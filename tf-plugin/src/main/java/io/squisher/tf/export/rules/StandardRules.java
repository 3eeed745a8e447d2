package io.squisher.tf.export.rules;

import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.rules.elementwise.Atan2Rule;
import io.squisher.tf.export.rules.elementwise.BiasAddRule;
import io.squisher.tf.export.rules.elementwise.ElementwiseRules;
import io.squisher.tf.export.rules.elementwise.IdentityRules;
import io.squisher.tf.export.rules.elementwise.InverseErrorFunctionRules;
import io.squisher.tf.export.rules.image.BlockRules;
import io.squisher.tf.export.rules.image.ConvolutionRules;
import io.squisher.tf.export.rules.image.FractionalPoolingRules;
import io.squisher.tf.export.rules.image.NormalizationRules;
import io.squisher.tf.export.rules.image.PoolingRules;
import io.squisher.tf.export.rules.image.ResizeRules;
import io.squisher.tf.export.rules.indexing.OrderRules;
import io.squisher.tf.export.rules.indexing.ScatterRules;
import io.squisher.tf.export.rules.indexing.SelectionRules;
import io.squisher.tf.export.rules.reduction.MatMulRules;
import io.squisher.tf.export.rules.reduction.ReductionRules;
import io.squisher.tf.export.rules.reduction.SoftmaxRules;
import io.squisher.tf.export.rules.shape.DiagonalRules;
import io.squisher.tf.export.rules.shape.PadRules;
import io.squisher.tf.export.rules.shape.ShapeRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table of rules by TensorFlow operation type. */
public final class StandardRules {
    private static final Map<String, OperatorRule> RULES = join(List.of(
            Map.of("Atan2", Atan2Rule::export, "BiasAdd", BiasAddRule::export),
            BlockRules.rules(),
            ConvolutionRules.rules(),
            DiagonalRules.rules(),
            ElementwiseRules.rules(),
            FractionalPoolingRules.rules(),
            IdentityRules.rules(),
            InverseErrorFunctionRules.rules(),
            MatMulRules.rules(),
            NormalizationRules.rules(),
            OrderRules.rules(),
            PadRules.rules(),
            PoolingRules.rules(),
            ReductionRules.rules(),
            ResizeRules.rules(),
            ScatterRules.rules(),
            SelectionRules.rules(),
            ShapeRules.rules(),
            SoftmaxRules.rules()));

    private StandardRules() {}

    /** The rule of an operation type. */
    public static Optional<OperatorRule> of(String operationType) {
        return Optional.ofNullable(RULES.get(operationType));
    }

    /** All operation types that have a rule. */
    public static SortedSet<String> operationTypes() {
        return new TreeSet<>(RULES.keySet());
    }

    private static Map<String, OperatorRule> join(List<Map<String, OperatorRule>> families) {
        Map<String, OperatorRule> all = new TreeMap<>();
        for (Map<String, OperatorRule> family : families) {
            family.forEach((type, rule) -> {
                if (all.put(type, rule) != null) {
                    throw new IllegalStateException("two rules for " + type);
                }
            });
        }
        return all;
    }
}
