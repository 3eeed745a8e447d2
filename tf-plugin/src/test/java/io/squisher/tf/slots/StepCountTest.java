package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepCountTest {
    @ParameterizedTest
    @ValueSource(floats = {0.9f, 0.95f, 0.99f, 0.999f, 0.9999f})
    void countsEveryStepUntilThePowerIsSubnormal(float beta2) {
        float power = beta2;
        for (long step = 0; power >= Float.MIN_NORMAL && step < 3000; step++) {
            assertEquals(OptionalLong.of(step), StepCount.fromPower(power, beta2));
            power *= beta2;
        }
    }

    @Test
    void isExactWhereTheLogarithmIsNot() {
        float beta2 = 0.99999f;
        float power = beta2;
        for (int step = 0; step < 100_000; step++) {
            power *= beta2;
        }
        assertNotEquals(100_000, Math.round(Math.log(power) / Math.log(beta2)) - 1);
        assertEquals(OptionalLong.of(100_000), StepCount.fromPower(power, beta2));
    }

    @Test
    void takesTheLogarithmOfAPowerThatWasNotMultipliedUp() {
        float power = (float) Math.pow(0.999f, 501);
        assertEquals(OptionalLong.of(500), StepCount.fromPower(Math.nextUp(Math.nextUp(power)), 0.999f));
    }

    @Test
    void isUnknownBelowTheNormalNumbers() {
        assertEquals(OptionalLong.empty(), StepCount.fromPower(Math.nextDown(Float.MIN_NORMAL), 0.9f));
        assertEquals(OptionalLong.empty(), StepCount.fromPower(0, 0.9f));
        assertEquals(OptionalLong.empty(), StepCount.fromPower(Float.NaN, 0.9f));
    }

    @Test
    void isUnknownForWhatIsNoPowerOfBeta2() {
        assertEquals(OptionalLong.empty(), StepCount.fromPower(1, 0.9f));
        assertEquals(OptionalLong.empty(), StepCount.fromPower(0.5f, 1));
    }
}
