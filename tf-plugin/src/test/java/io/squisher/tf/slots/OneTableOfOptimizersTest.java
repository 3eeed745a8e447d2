package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.checkpoint.OptimizerFamily;
import org.junit.jupiter.api.Test;

/** The hook takes from the table of all frameworks what an optimizer keeps; its own rows say where TensorFlow keeps it. */
class OneTableOfOptimizersTest {
    @Test
    void everyRowIsOfAKnownFamilyAndEstimatesTheSame() {
        for (AccumulatorRule rule : AccumulatorRules.all()) {
            OptimizerFamily family = OptimizerFamily.of(rule.optimizer())
                    .orElseThrow(() -> new AssertionError(rule.optimizer() + " is in no row of OptimizerFamily"));
            assertEquals(family.isUsable(), rule.isUsable(), rule.optimizer());
            if (rule.isUsable()) {
                boolean sum = rule.estimate() instanceof Estimate.RunningSum;
                assertEquals(family.estimate() == OptimizerFamily.Estimate.SUM, sum, rule.optimizer());
            }
        }
        // Numbers by hand: TensorFlow's RMSProp starts from ones, its AdaGrad from 0.1.
        assertEquals(
                1, AccumulatorRules.of("ResourceApplyRMSProp").orElseThrow().initialValue());
        assertEquals(
                1, AccumulatorRules.of("ApplyCenteredRMSProp").orElseThrow().initialValue());
        assertEquals(
                0.1, AccumulatorRules.of("ResourceApplyAdagradV2").orElseThrow().initialValue());
        assertEquals(0.1, AccumulatorRules.of("ApplyFtrl").orElseThrow().initialValue());
        assertEquals(0, AccumulatorRules.of("ResourceApplyAdam").orElseThrow().initialValue());
        assertEquals(0, AccumulatorRules.of("ApplyAdadelta").orElseThrow().initialValue());
    }
}
