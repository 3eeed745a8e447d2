package io.squisher.apps.unlearn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MembershipCheckTest {
    @Test
    void findsTheMinimumOfTheWeightedRegression() {
        double[] members = {0.1, 0.3, 0.2, 1.5};
        double[] others = {0.9, 1.1};
        MembershipCheck check = MembershipCheck.learn(members, others);
        // Where the gradient vanishes; c = 6/8 for members, 6/4 for others.
        double slope = check.slope();
        double intercept = check.intercept();
        double bySlope = slope;
        double byIntercept = 0;
        for (double x : members) {
            double error = 0.75 * (1 / (1 + Math.exp(-(slope * x + intercept))) - 1);
            bySlope += error * x;
            byIntercept += error;
        }
        for (double x : others) {
            double error = 1.5 / (1 + Math.exp(-(slope * x + intercept)));
            bySlope += error * x;
            byIntercept += error;
        }
        assertEquals(0, bySlope, 1e-4);
        assertEquals(0, byIntercept, 1e-4);
        assertTrue(slope < 0, "members have smaller numbers");
    }

    @Test
    void separatedGroupsAreToldApart() {
        double[] members = {0, 0.1, 0.2};
        double[] others = {20, 21, 22};
        MembershipCheck.Result result =
                MembershipCheck.learn(members, others).ask(new double[] {0, 0.3, 20, 30}, members, others);
        assertEquals(new MembershipCheck.Result(0.5, 1, (3 + 3 + 2.5 + 0) / 12), result);
    }

    @Test
    void oneDistributionIsAGuess() {
        long seed = 3;
        Random random = new Random(seed);
        double[] members = random.doubles(4000).toArray();
        double[] others = random.doubles(1000).toArray();
        double[] asked = random.doubles(1000).toArray();
        MembershipCheck.Result result = MembershipCheck.learn(members, others).ask(asked, members, others);
        assertEquals(0.5, result.attack(), 0.03, "seed " + seed);
        assertEquals(0.5, result.area(), 0.03, "seed " + seed);
    }

    @Test
    void hugeNumbersDoNotStopIt() {
        double[] members = {1e-12, 1e-9};
        double[] others = {1e6, 1e7};
        assertEquals(
                1,
                MembershipCheck.learn(members, others)
                        .ask(members, members, others)
                        .asMembers());
    }

    @Test
    void areaCountsTiesHalf() {
        assertEquals(0.5, MembershipCheck.area(new double[] {1, 1}, new double[] {1, 1, 1}));
        assertEquals(1, MembershipCheck.area(new double[] {0}, new double[] {1, 2}));
        assertEquals(0.25, MembershipCheck.area(new double[] {1}, new double[] {0, 1}));
    }

    @Test
    void refusesNothingAndNotANumber() {
        assertEquals(
                "a membership check needs examples, and there are no others",
                assertThrows(SquisherException.class, () -> MembershipCheck.learn(new double[] {1}, new double[0]))
                        .getMessage());
        assertEquals(
                "a membership check needs finite numbers, and among the members is NaN",
                assertThrows(
                                SquisherException.class,
                                () -> MembershipCheck.learn(new double[] {Double.NaN}, new double[] {1}))
                        .getMessage());
    }
}
