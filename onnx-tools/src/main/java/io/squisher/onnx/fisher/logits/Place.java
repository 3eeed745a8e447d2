package io.squisher.onnx.fisher.logits;

/**
 * Where a search is.
 *
 * @param value the value that is looked at
 * @param domain what it would be
 * @param axis where the classes of the output are in it; {@link #NO_CLASSES} where every element counts for itself
 * @param loss why the output does not follow from logits here, if an activation is found behind; empty as long as it does
 */
record Place(String value, Domain domain, int axis, String loss) {
    static final int NO_CLASSES = -1;

    boolean hasClasses() {
        return axis != NO_CLASSES;
    }

    boolean isExact() {
        return loss.isEmpty();
    }

    /** The same question about another value. */
    Place at(String other) {
        return new Place(other, domain, axis, loss);
    }

    Place in(Domain other) {
        return new Place(value, other, axis, loss);
    }

    Place withAxis(int other) {
        return new Place(value, domain, other, loss);
    }

    /** With a reason, which is kept if there was one before. */
    Place losing(String reason) {
        return isExact() ? new Place(value, domain, axis, reason) : this;
    }
}
