package io.squisher.onnx.fisher.labels;

import io.squisher.tensor.ElementType;
import java.util.HashMap;
import java.util.Map;

/** Whether examples look sorted by their labels, so that the first ones are no sample of all. */
public final class LabelOrder {
    private static final int BATCH = 1 << 14;

    /** Of fewer changes of the label nothing can be said. */
    private static final int ENOUGH = 10;

    private LabelOrder() {}

    /**
     * Whether neighbours have another label less than half as often as in random order: with c_k examples of label k among N, that
     * is {@code N − Σ c_k² / N} times on average. Says so of one label an example only.
     */
    public static boolean isInRuns(LabelArray labels) {
        if (labels.needed().size() != 1) {
            return false;
        }
        Map<Double, Long> counts = new HashMap<>();
        long all = labels.examples().count();
        long changes = 0;
        double before = Double.NaN;
        for (long from = 0; from < all; from += BATCH) {
            int rows = (int) Math.min(BATCH, all - from);
            for (double label : labels.batch(from, rows, ElementType.F64).toDoubles()) {
                changes += !counts.isEmpty() && label != before ? 1 : 0;
                counts.merge(label, 1L, Long::sum);
                before = label;
            }
        }
        double same = counts.values().stream()
                .mapToDouble(count -> (double) count * count)
                .sum();
        double expected = all - same / all;
        return expected >= ENOUGH && changes < expected / 2;
    }
}
