package io.squisher.onnx.evaluator.elementwise;

/** Functions of one number that Java's library lacks, accurate to double precision. */
public final class Functions {
    /** From here on erf differs from 1 by less than half a unit in the last place. */
    private static final double ERF_IS_ONE = 6;

    private Functions() {}

    /** erf(x) = 2/√π · e^(-x²) · Σ_n 2^n x^(2n+1) / (2n+1)!!, a series whose terms all have one sign. */
    public static double erf(double x) {
        if (Math.abs(x) > ERF_IS_ONE) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** 1 / (1 + e^-x). */
    public static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** ln(1 + e^x). */
    public static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** x · Φ(x), Φ the normal distribution function. */
    public static double gelu(double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    /** The approximation ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
    public static double geluTanh(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        return Math.copySign(Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a))), x);
    }

    static double acosh(double x) {
        return Math.log(x + Math.sqrt(x * x - 1));
    }

    static double atanh(double x) {
        return 0.5 * Math.log1p(2 * x / (1 - x));
    }
}
