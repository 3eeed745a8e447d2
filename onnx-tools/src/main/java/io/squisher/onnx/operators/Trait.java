package io.squisher.onnx.operators;

/** Something that is so of every node of an operator, whatever its attributes. */
public enum Trait {
    /** Each element of the output depends on that of the first input; other inputs are settings for all elements. */
    ELEMENTWISE,

    /** Each element of the output depends on those of inputs that are broadcast to each other. */
    BROADCAST,

    /** The outputs have the shape of the first input. */
    SAME_SHAPE,

    /** The outputs have as many axes as the first input. */
    SAME_RANK,

    /** The output has the elements of the input, all of them, in the same order. */
    RESHAPE,

    /** The elements of the outputs are elements of the first input, or of all inputs, unchanged but for padding. */
    MOVES,

    /**
     * Each element of an input becomes one element of the outputs, or none. What is computed of single elements of a
     * gradient, as its squares, takes the same way back.
     */
    ONCE,

    /** Axes, which an attribute or the second input names, are added up or averaged or the like. */
    REDUCTION,

    /** Windows over the axes after the second. */
    POOLING,

    /** The outputs are truth values. */
    TRUTH,

    /** The outputs are integers or text. */
    INTEGER,

    /** The outputs are floating-point numbers, whatever goes in. */
    FLOATING,

    /** The outputs after the first are integers or truth values. */
    SECOND_INTEGER,

    /** Each run draws other elements. */
    RANDOM,

    /** Of the inputs the shapes are read, not the elements. */
    SHAPE_ONLY,

    /** Of the second input the type is read, not the elements. */
    SECOND_TYPE_ONLY
}
