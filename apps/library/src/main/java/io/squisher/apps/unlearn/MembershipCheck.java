package io.squisher.apps.unlearn;

import io.squisher.SquisherException;
import java.util.Arrays;

/**
 * Membership inference by one number of each example, such as the entropy of a classifier's prediction (as Foster et al. 2024
 * evaluate unlearning, after Chundawat et al. 2023): a logistic regression learns to tell members, on which the model was trained,
 * from others, and is then asked about some examples. Both classes weigh alike.
 *
 * <p>It finds w and b that minimise ½ w² + Σ_i c_i log(1 + exp(−y_i (w x_i + b))), y_i = ±1, where c_i = n / (2 n_y) for a class of
 * n_y of the n examples, by Newton's method.
 */
public final class MembershipCheck {
    private static final int MOST_STEPS = 200;
    private static final double CONVERGED = 1e-10;

    private final double slope;
    private final double intercept;

    private MembershipCheck(double slope, double intercept) {
        this.slope = slope;
        this.intercept = intercept;
    }

    /**
     * What the attack finds.
     *
     * @param asMembers share of the asked examples that it takes for members, 0 to 1
     * @param attack how well it tells members from others: the mean of the two shares that it gets right; 0.5 knows nothing
     * @param area probability that an asked example has a smaller number than one of the others, ties half: 0.5 where the asked
     *     ones look like examples that were never seen
     */
    public record Result(double asMembers, double attack, double area) {}

    /**
     * Learns from members and others.
     *
     * @throws SquisherException if one of them is empty, or a number is not finite
     */
    public static MembershipCheck learn(double[] members, double[] others) {
        require(members, "members");
        require(others, "others");
        double ofMembers = (members.length + others.length) / (2.0 * members.length);
        double ofOthers = (members.length + others.length) / (2.0 * others.length);
        double[] at = {0, 0};
        double loss = loss(at, members, others);
        for (int step = 0; step < MOST_STEPS; step++) {
            Newton newton = new Newton(at[0]);
            newton.add(at, members, ofMembers, 1);
            newton.add(at, others, ofOthers, 0);
            double[] direction = newton.direction();
            double size = 1;
            double[] next = moved(at, direction, size);
            double nextLoss = loss(next, members, others);
            while (nextLoss > loss && size > 1e-12) {
                size /= 2;
                next = moved(at, direction, size);
                nextLoss = loss(next, members, others);
            }
            boolean converged = Math.abs(loss - nextLoss) <= CONVERGED * Math.max(1, Math.abs(loss));
            at = next;
            loss = nextLoss;
            if (converged) {
                break;
            }
        }
        return new MembershipCheck(at[0], at[1]);
    }

    /** Whether an example with this number is taken for a member. */
    boolean isMember(double number) {
        return slope * number + intercept > 0;
    }

    /** w. */
    double slope() {
        return slope;
    }

    /** b. */
    double intercept() {
        return intercept;
    }

    /**
     * Asks about examples.
     *
     * @param members those it learnt from
     * @param others those it learnt from
     */
    public Result ask(double[] asked, double[] members, double[] others) {
        require(asked, "asked");
        double attack = (share(members) + 1 - share(others)) / 2;
        return new Result(share(asked), attack, area(asked, others));
    }

    private double share(double[] numbers) {
        return Arrays.stream(numbers).filter(this::isMember).count() / (double) numbers.length;
    }

    /** The probability that one of {@code lower} is below one of {@code upper}, ties half (Mann-Whitney). */
    static double area(double[] lower, double[] upper) {
        double[] sorted = upper.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (double value : lower) {
            int below = first(sorted, value);
            int to = first(sorted, Math.nextUp(value));
            sum += sorted.length - to + 0.5 * (to - below);
        }
        return sum / lower.length / upper.length;
    }

    /** How many of the sorted are below {@code value}. */
    private static int first(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void require(double[] numbers, String what) {
        if (numbers.length == 0) {
            throw new SquisherException("a membership check needs examples, and there are no " + what);
        }
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                throw new SquisherException(
                        "a membership check needs finite numbers, and among the " + what + " is " + number);
            }
        }
    }

    private static double[] moved(double[] at, double[] direction, double size) {
        return new double[] {at[0] - size * direction[0], at[1] - size * direction[1]};
    }

    private static double loss(double[] at, double[] members, double[] others) {
        double all = members.length + others.length;
        return 0.5 * at[0] * at[0]
                + all / (2 * members.length) * logLoss(at, members, 1)
                + all / (2 * others.length) * logLoss(at, others, -1);
    }

    private static double logLoss(double[] at, double[] numbers, int label) {
        return Arrays.stream(numbers)
                .map(x -> softplus(-label * (at[0] * x + at[1])))
                .sum();
    }

    private static double softplus(double z) {
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }

    /** Gradient and second derivatives at one place. */
    private static final class Newton {
        private double gradientSlope;
        private double gradientIntercept;
        private double slopeSlope = 1;
        private double slopeIntercept;
        private double interceptIntercept;

        Newton(double slope) {
            gradientSlope = slope;
        }

        void add(double[] at, double[] numbers, double weight, double label) {
            for (double x : numbers) {
                double p = 1 / (1 + Math.exp(-(at[0] * x + at[1])));
                double error = weight * (p - label);
                double curvature = weight * p * (1 - p);
                gradientSlope += error * x;
                gradientIntercept += error;
                slopeSlope += curvature * x * x;
                slopeIntercept += curvature * x;
                interceptIntercept += curvature;
            }
        }

        double[] direction() {
            double determinant = slopeSlope * interceptIntercept - slopeIntercept * slopeIntercept;
            if (!(determinant > Double.MIN_NORMAL)) {
                return new double[] {gradientSlope, gradientIntercept};
            }
            return new double[] {
                (interceptIntercept * gradientSlope - slopeIntercept * gradientIntercept) / determinant,
                (slopeSlope * gradientIntercept - slopeIntercept * gradientSlope) / determinant
            };
        }
    }
}
