package io.squisher.onnx.structure;

/** A number in the graph that says how many channels there are, and has to follow when some go. */
sealed interface GraphEdit {
    /** The place of the node among the graph's. */
    int node();

    /** The number of groups of a depthwise convolution. */
    record Groups(int node) implements GraphEdit {}

    /**
     * An element of the shape that a Reshape is given.
     *
     * @param entry its place in the shape
     * @param size what it is while no unit is gone
     */
    record ShapeEntry(int node, int entry, long size) implements GraphEdit {}
}
