package io.squisher.checkpoint;

import io.squisher.Counted;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The ways to find a sequence of slots, by their shapes, in a longer sequence of parameters, keeping the order.
 *
 * @param count 0, 1, or 2 for more than one
 * @param names the parameter of each slot in the first way; empty if there is none
 */
record Alignment(int count, List<String> names) {
    /** Larger tables are no checkpoint of one model. */
    private static final long MOST_CELLS = 200_000_000;

    static Alignment of(List<Slot> slots, List<String> parameters, Map<String, Tensor> tensors) {
        int n = slots.size();
        int m = parameters.size();
        if (n == m) {
            boolean fits = true;
            for (int i = 0; i < n && fits; i++) {
                fits = slots.get(i).fits(tensors.get(parameters.get(i)));
            }
            return fits ? new Alignment(1, parameters) : new Alignment(0, List.of());
        }
        if (n > m || (long) n * m > MOST_CELLS) {
            return new Alignment(0, List.of());
        }
        // ways[j]: in how many ways slots i and after fit parameters j and after, for the current i; at most 2 counts.
        byte[][] ways = new byte[n + 1][m + 1];
        java.util.Arrays.fill(ways[n], (byte) 1);
        for (int i = n - 1; i >= 0; i--) {
            // A slot can be no further right than leaves room for those after it, nor further left than those before.
            for (int j = m - (n - i); j >= i; j--) {
                int total = ways[i][j + 1];
                if (slots.get(i).fits(tensors.get(parameters.get(j)))) {
                    total += ways[i + 1][j + 1];
                }
                ways[i][j] = (byte) Math.min(2, total);
            }
        }
        List<String> names = new ArrayList<>();
        for (int i = 0, j = 0; ways[0][0] > 0 && i < n; j++) {
            boolean fits = slots.get(i).fits(tensors.get(parameters.get(j)));
            if (fits && ways[i + 1][j + 1] > 0) {
                names.add(parameters.get(j));
                i++;
            }
        }
        return new Alignment(ways[0][0], List.copyOf(names));
    }

    /** Why there is no way: the first place where both sequences differ. */
    String mismatch(List<Slot> slots, Parameters model) {
        List<String> names = List.copyOf(model.tensors().keySet());
        for (int i = 0; i < Math.min(slots.size(), names.size()); i++) {
            Tensor parameter = model.tensors().get(names.get(i));
            if (!slots.get(i).fits(parameter)) {
                return "accumulator " + slots.get(i).key() + " has the shape "
                        + slots.get(i).accumulator().orElseThrow().shape() + ", but '" + names.get(i) + "' of "
                        + model.label() + " at that place is " + parameter.shape()
                        + ", and no other place fits; list the trained parameters in the model's order with"
                        + " --names, or in the optimizer's with --names and --assume-order";
            }
        }
        return "the checkpoint has " + Counted.of(slots.size(), "accumulator") + ", " + model.label() + " has "
                + Counted.of(names.size(), "parameter");
    }
}
