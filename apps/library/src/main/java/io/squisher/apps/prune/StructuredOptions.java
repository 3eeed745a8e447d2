package io.squisher.apps.prune;

import io.squisher.SquisherException;
import io.squisher.apps.topk.Scope;
import io.squisher.units.UnitGroup;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How many units are pruned, and which.
 *
 * @param sparsity share of the units that go, 0 to 1; every group keeps at least one
 * @param kind filters, neurons or heads
 * @param scope whether the share holds overall or in each group
 * @param elsewhere what becomes of groups that cannot lose units
 * @param exclude groups are left whole if this is found in the name of one of their own parameters
 * @param allowOtherModel whether a Fisher made for other weights of the same shapes is taken
 */
public record StructuredOptions(
        double sparsity,
        UnitGroup.Kind kind,
        Scope scope,
        Elsewhere elsewhere,
        Optional<Pattern> exclude,
        boolean allowOtherModel) {
    public StructuredOptions {
        if (!(sparsity >= 0 && sparsity <= 1)) {
            throw new SquisherException("a sparsity is between 0 and 1, not " + sparsity);
        }
    }

    /** Options that take the Fisher of the model alone. */
    public StructuredOptions(
            double sparsity, UnitGroup.Kind kind, Scope scope, Elsewhere elsewhere, Optional<Pattern> exclude) {
        this(sparsity, kind, scope, elsewhere, exclude, false);
    }

    /** The fate of units that the network cannot do without the place of. */
    public enum Elsewhere {
        /** They are not pruned. */
        LEAVE,
        /** Their own parameters become 0, and the shapes stay. */
        MASK
    }

    /** Whether a group takes part. */
    boolean covers(UnitGroup group) {
        boolean excluded = exclude.map(pattern -> group.own().stream()
                        .anyMatch(slice -> pattern.matcher(slice.parameter()).find()))
                .orElse(false);
        return group.kind() == kind && !excluded && (group.isRemovable() || elsewhere == Elsewhere.MASK);
    }
}
