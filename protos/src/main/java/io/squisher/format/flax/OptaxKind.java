package io.squisher.format.flax;

import io.squisher.checkpoint.OptimizerFamily;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one of optax's transformations keeps, by the fields of its state: their list is closed, so that another state with a {@code nu} is
 * refused and not taken for Adam's.
 *
 * @param family what it is of
 * @param slot the squares; empty for one that has none
 * @param fields all fields that the state may have
 */
record OptaxKind(OptimizerFamily family, String slot, Set<String> fields) {
    private static final List<OptaxKind> ALL = List.of(
            new OptaxKind(OptimizerFamily.ADAM_LIKE, "nu", Set.of("count", "mu", "nu")),
            new OptaxKind(OptimizerFamily.AMSGRAD, "nu", Set.of("count", "mu", "nu", "nu_max")),
            new OptaxKind(OptimizerFamily.ADEMAMIX, "nu", Set.of("count", "count_m2", "m1", "m2", "nu")),
            new OptaxKind(OptimizerFamily.ADAGRAD, "sum_of_squares", Set.of("sum_of_squares")),
            new OptaxKind(OptimizerFamily.ADADELTA, "e_g", Set.of("e_g", "e_x")),
            new OptaxKind(OptimizerFamily.ADAFACTOR, "", Set.of("count", "v_row", "v_col", "v")),
            new OptaxKind(OptimizerFamily.LION, "", Set.of("count", "mu")),
            new OptaxKind(OptimizerFamily.MUON, "", Set.of("count", "mu", "ns_coeffs")),
            new OptaxKind(OptimizerFamily.MOMENTUM, "", Set.of("trace")));

    /** Fields that no settings and no names of layers have. */
    private static final Set<String> MARKS =
            Set.of("nu", "sum_of_squares", "e_g", "v_row", "mu", "trace", "exp_avg_sq", "hessian", "nu_max");

    /** RMSProp keeps squares alone, and their mean if it is centred; some versions count. */
    private static final OptaxKind RMSPROP = new OptaxKind(OptimizerFamily.RMSPROP, "nu", Set.of("count", "mu", "nu"));

    /** Whether a map is the state of a transformation, not a tree of parameters or a chain of states. */
    static boolean isState(Set<String> fields) {
        return fields.stream().anyMatch(MARKS::contains);
    }

    /** Empty for a state that is not in the list. */
    static Optional<OptaxKind> of(Set<String> fields) {
        if (fields.contains("nu") && !(fields.contains("mu") && fields.contains("count"))) {
            return RMSPROP.fields.containsAll(fields) ? Optional.of(RMSPROP) : Optional.empty();
        }
        return ALL.stream().filter(kind -> kind.fields.equals(fields)).findFirst();
    }

    boolean hasSquares() {
        return !slot.isEmpty();
    }
}
