package io.squisher.fisher;

/** Decay rates as users wrote them. */
public final class DecayText {
    private DecayText() {}

    /** The shortest number that stands for {@code decay}: 0.999 also where it went through float32 (0.99900001287…). */
    public static String of(double decay) {
        float narrow = (float) decay;
        return narrow == decay ? Float.toString(narrow) : Double.toString(decay);
    }
}
