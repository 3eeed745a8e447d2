package io.squisher.onnx.structure;

/**
 * Where the channels of a space are in a value.
 *
 * @param axis counted from the end: −1 is the last
 */
record Place(Space space, int axis) {
    /** The same channels at another axis. */
    Place at(int moved) {
        return new Place(space, moved);
    }
}
