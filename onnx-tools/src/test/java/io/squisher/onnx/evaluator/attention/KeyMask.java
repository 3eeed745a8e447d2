package io.squisher.onnx.evaluator.attention;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** The masks that com.microsoft's operators take, as a bias [batch, 1, queries or 1, keys]. */
final class KeyMask {
    private KeyMask() {}

    static Value bias(OperatorCall call, Value mask, int batch, int queries, int keys) {
        double filter = call.real("mask_filter_value", -10000);
        if (mask.rank() == 1) {
            if (mask.size() != batch && mask.size() != 2 * batch) {
                throw call.unsupported("a mask of cumulated lengths");
            }
            double[] bias = new double[batch * keys];
            Arrays.setAll(bias, i -> {
                long end = mask.longAt(i / keys);
                long start = mask.size() == batch ? 0 : mask.longAt(batch + i / keys);
                return i % keys >= start && i % keys < end ? 0 : filter;
            });
            return Value.floats(new int[] {batch, 1, 1, keys}, bias);
        }
        double[] bias = new double[mask.size()];
        Arrays.setAll(bias, i -> mask.longAt(i) > 0 ? 0 : filter);
        return switch (mask.rank()) {
            case 2 -> Value.floats(new int[] {batch, 1, 1, keys}, bias);
            case 3 -> Value.floats(new int[] {batch, 1, queries, keys}, bias);
            default -> throw call.unsupported("a mask of rank " + mask.rank());
        };
    }
}
