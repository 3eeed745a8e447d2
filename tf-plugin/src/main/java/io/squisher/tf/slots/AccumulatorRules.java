package io.squisher.tf.slots;

import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.tf.slots.Estimate.MovingAverage;
import io.squisher.tf.slots.Estimate.RunningSum;
import io.squisher.tf.slots.Estimate.Unusable;
import io.squisher.tf.slots.StepSource.Absent;
import io.squisher.tf.slots.StepSource.Counter;
import io.squisher.tf.slots.StepSource.Power;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table of optimizers. Input positions are those of TensorFlow's operation definitions. */
final class AccumulatorRules {
    private static final List<AccumulatorRule> ALL = List.of(
            // var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad
            rule("Adam", "v", dense("ApplyAdam"), new Inputs(2, 9), new MovingAverage(7), new Power(4)),
            // var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad: v, since vhat is its maximum
            rule(
                    "AMSGrad",
                    "v",
                    Set.of("ResourceApplyAdamWithAmsgrad"),
                    new Inputs(2, 10),
                    new MovingAverage(8),
                    new Power(5)),
            // var, ms, mom, lr, rho, momentum, epsilon, grad
            rule("RMSProp", "rms", family("ApplyRMSProp"), new Inputs(1, 7), new MovingAverage(4), new Absent()),
            // var, mg, ms, mom, lr, rho, momentum, epsilon, grad
            rule(
                    "RMSProp",
                    "rms",
                    family("ApplyCenteredRMSProp"),
                    new Inputs(2, 8),
                    new MovingAverage(5),
                    new Absent()),
            // var, accum, accum_update, lr, rho, epsilon, grad
            rule("AdaDelta", "accum", family("ApplyAdadelta"), new Inputs(1, 6), new MovingAverage(4), new Absent()),
            // var, accum, lr, (epsilon in V2,) grad
            sum("AdaGrad", "accumulator", family("ApplyAdagrad"), new Inputs(1, 3), new Absent()),
            sum("AdaGrad", "accumulator", family("ApplyAdagradV2"), new Inputs(1, 4), new Absent()),
            // var, gradient_accumulator, gradient_squared_accumulator, grad, (indices if sparse,) lr, l1, l2,
            // global_step
            sum("AdaGradDA", "gradient_squared_accumulator", dense("ApplyAdagradDA"), new Inputs(2, 3), new Counter(7)),
            sum(
                    "AdaGradDA",
                    "gradient_squared_accumulator",
                    sparse("ApplyAdagradDA"),
                    new Inputs(2, 3),
                    new Counter(8)),
            // var, accum, linear, grad, (indices if sparse,) lr, l1, l2, (l2_shrinkage in V2,) lr_power
            sum("Ftrl", "gradient_accumulator", family("ApplyFtrl"), new Inputs(1, 3), new Absent()),
            sum("Ftrl", "gradient_accumulator", family("ApplyFtrlV2"), new Inputs(1, 3), new Absent()),
            unusable(
                    "Adamax", dense("ApplyAdaMax"), 8, "it keeps an infinity norm of the gradients, not their squares"),
            unusable("Momentum", family("ApplyMomentum"), 3, "it keeps a mean of the gradients, not of their squares"),
            unusable(
                    "Momentum",
                    family("ApplyKerasMomentum"),
                    3,
                    "it keeps a mean of the gradients, not of their squares"),
            unusable("SGD", dense("ApplyGradientDescent"), 2, "it keeps no state"));

    private static final Map<String, AccumulatorRule> BY_TYPE = byType();

    private AccumulatorRules() {}

    /** All rows. */
    public static List<AccumulatorRule> all() {
        return ALL;
    }

    /** The row of an operation type; empty if it applies no optimizer that the table knows. */
    public static Optional<AccumulatorRule> of(String operationType) {
        return Optional.ofNullable(BY_TYPE.get(operationType));
    }

    private static Map<String, AccumulatorRule> byType() {
        Map<String, AccumulatorRule> byType = new HashMap<>();
        for (AccumulatorRule rule : ALL) {
            for (String type : rule.operationTypes()) {
                if (byType.put(type, rule) != null) {
                    throw new IllegalStateException(type + " stands in two rows");
                }
            }
        }
        return byType;
    }

    /** Positions of the accumulator and of the gradient among an operation's inputs. */
    private record Inputs(int accumulator, int gradient) {}

    private static AccumulatorRule rule(
            String optimizer, String slot, Set<String> types, Inputs inputs, Estimate estimate, StepSource step) {
        double initial = OptimizerFamily.of(optimizer)
                .filter(OptimizerFamily::isUsable)
                .map(OptimizerFamily::startInTensorFlow)
                .orElse(0.0);
        return new AccumulatorRule(
                optimizer, types, slot, inputs.accumulator(), inputs.gradient(), estimate, step, initial);
    }

    private static AccumulatorRule sum(
            String optimizer, String slot, Set<String> types, Inputs inputs, StepSource step) {
        return rule(optimizer, slot, types, inputs, new RunningSum(), step);
    }

    private static AccumulatorRule unusable(String optimizer, Set<String> types, int gradient, String reason) {
        return rule(optimizer, "", types, new Inputs(0, gradient), new Unusable(reason), new Absent());
    }

    private static Set<String> dense(String type) {
        return Set.of(type, "Resource" + type);
    }

    private static Set<String> sparse(String type) {
        return Set.of("Sparse" + type, "ResourceSparse" + type);
    }

    private static Set<String> family(String type) {
        return Set.of(type, "Resource" + type, "Sparse" + type, "ResourceSparse" + type);
    }
}
