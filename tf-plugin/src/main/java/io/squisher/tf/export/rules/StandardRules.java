package io.squisher.tf.export.rules;

import io.squisher.tf.export.emit.OperatorRule;
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
