package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;

/** Lays values out with the examples as a first axis of their own. */
public final class ExampleFirst {
    private ExampleFirst() {}

    /**
     * {@code [N, …]}: an axis that the examples were merged into is split, and the example moves to the front; the order
     * of everything else stays. Beside the result's shape nothing is known of where the axes came from.
     */
    public static Value of(Ops ops, Value x) {
        Value split = split(ops, x);
        return ops.moveAxis(split, split.shape().exampleAxis(), 0);
    }

    /** The value with the axis of examples {@code outer · N · inner} as up to three axes. */
    public static Value split(Ops ops, Value x) {
        List<Dim> dims = new ArrayList<>();
        for (Dim dim : x.shape().dims()) {
            if (dim.perExample() && dim.outer() > 1) {
                dims.add(Dim.of(dim.outer()));
            }
            dims.add(dim.perExample() ? Dim.EXAMPLES : dim);
            if (dim.perExample() && dim.inner() > 1) {
                dims.add(Dim.of(dim.inner()));
            }
        }
        return ops.reshape(x, new TensorShape(dims));
    }

    /** {@code [N, S, last]}: everything between the example and the last axis as one shared axis. */
    public static Value rows(Ops ops, Value x) {
        Value first = of(ops, x);
        int last = first.rank() - 1;
        long shared = last == 0 ? 1 : first.shape().product(1, last);
        return ops.reshape(
                first,
                TensorShape.perExample(shared, last == 0 ? 1 : first.shape().size(last)));
    }
}
