package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.internal.gson.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keras takes from the table of all frameworks what an optimizer keeps, and says where it keeps it. */
class KerasOptimizerKindTest {
    @Test
    void everyKindIsOfAFamilyThatEstimatesTheSame() {
        int kinds = 0;
        for (OptimizerFamily family : OptimizerFamily.values()) {
            Optional<KerasOptimizerKind> kind = KerasOptimizerKind.of(family.label(), new JsonObject());
            if (kind.isPresent()) {
                kinds++;
                assertTrue(family.isUsable(), family.label());
                assertEquals(Optional.of(family), OptimizerFamily.of(kind.get().name()));
                boolean sum = kind.get().decaySetting().isEmpty();
                assertEquals(family.estimate() == OptimizerFamily.Estimate.SUM, sum, family.label());
            }
        }
        assertEquals(8, kinds);
    }
}
