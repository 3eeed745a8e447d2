package io.squisher.onnx.structure;

import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.ShapeEntries.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that move channels to another axis. */
final class ReshapingSteps {
    private final Trace trace;

    ReshapingSteps(Trace trace) {
        this.trace = trace;
    }

    void transpose(Node node) {
        Place place = trace.place(node.input(0)).orElseThrow();
        int rank = node.attributes().integers("perm").map(perm -> perm.length).orElse(trace.rank(node.input(0)));
        if (rank < 0) {
            trace.refuse(node, "reverses an unknown number of axes");
            return;
        }
        int[] permutation = Axes.permutation(node.attributes(), rank);
        for (int axis = 0; axis < rank; axis++) {
            if (permutation[axis] == place.axis() + rank) {
                trace.put(node.output(0), place.at(axis - rank));
            }
        }
    }

    /** Flatten: [N, channels, …] becomes [N, channels · …], each channel a run. */
    void flatten(Node node) {
        Place place = trace.place(node.input(0)).orElseThrow();
        int rank = trace.rank(node.input(0));
        boolean fits = rank > 0 && node.attributes().integer("axis", 1) == 1 && place.axis() == 1 - rank;
        if (fits) {
            trace.put(node.output(0), place.at(-1));
        } else {
            trace.refuse(node, "flattens channels that are not along axis 1");
        }
    }

    /** Reshape as exporters use it: to flatten, to split the last axis into heads, to join heads again. */
    void reshape(Node node) {
        Place place = trace.place(node.input(0)).orElseThrow();
        Optional<List<Entry>> shape = trace.entries.of(node.input(1));
        if (shape.isEmpty() || trace.place(node.input(1)).isPresent()) {
            trace.refuse(node, "gives a shape that is computed");
            return;
        }
        if (!(flattens(node, place, shape.get())
                || splits(node, place, shape.get())
                || joins(node, place, shape.get()))) {
            trace.refuse(node, "lays the channels out in a way that is not known");
        }
    }

    /** To [N, all]: the first entry is the number of examples, or the second is a number and the first open. */
    private boolean flattens(Node node, Place place, List<Entry> shape) {
        int rank = trace.rank(node.input(0));
        if (shape.size() != 2 || rank < 2 || place.axis() != 1 - rank) {
            return false;
        }
        Entry first = shape.get(0);
        Entry second = shape.get(1);
        boolean examples = first.value() == 0 || first.axis() == 0;
        boolean numbered = second.isNumber() && second.value() > 0;
        if (!numbered && !(examples && second.value() == -1)
                || numbered && second.value() % place.space().size() != 0) {
            return false;
        }
        if (numbered) {
            edit(node, place.space(), 1, second.value());
        }
        trace.put(node.output(0), place.at(-1));
        return true;
    }

    /** The last axis to [heads, width]. */
    private boolean splits(Node node, Place place, List<Entry> shape) {
        int last = shape.size() - 1;
        if (place.axis() != -1 || last < 2) {
            return false;
        }
        Entry heads = shape.get(last - 1);
        Entry width = shape.get(last);
        long size = place.space().size();
        if (!width.isNumber() || width.value() <= 0 || size % width.value() != 0) {
            return false;
        }
        boolean counted = heads.value() == size / width.value();
        if (!counted && heads.value() != -1) {
            return false;
        }
        place.space().group(width.value());
        if (counted) {
            edit(node, place.space(), last - 1, heads.value());
        }
        trace.put(node.output(0), place.at(-2));
        return true;
    }

    /** [heads, width] to one last axis. */
    private boolean joins(Node node, Place place, List<Entry> shape) {
        Space space = place.space();
        long[] before = trace.shapes.of(node.input(0)).orElse(new long[0]);
        boolean heads = place.axis() == -2
                && before.length > 2
                && space.block() > 1
                && before[before.length - 1] == space.block()
                && shape.size() == before.length - 1;
        if (!heads) {
            return false;
        }
        Entry last = shape.get(shape.size() - 1);
        if (last.value() == space.size()) {
            edit(node, space, shape.size() - 1, last.value());
        } else if (last.value() != -1) {
            return false;
        }
        trace.put(node.output(0), place.at(-1));
        return true;
    }

    private void edit(Node node, Space space, int entry, long size) {
        if (!trace.entries.isEditable(node.input(1))) {
            space.block(node + " gives a shape that cannot be changed");
        }
        space.edit(new GraphEdit.ShapeEntry(trace.graph.nodes().indexOf(node), entry, size));
    }

    /** Squeeze, Unsqueeze and reductions that keep an axis of 1 or drop it, away from the channels. */
    void axes(Node node) {
        Place place = trace.place(node.input(0)).orElseThrow();
        int rank = trace.rank(node.input(0));
        long[] axes = trace.graph.axes(node).orElse(null);
        if (rank < 0 || axes == null) {
            trace.refuse(node, "changes axes that are not known");
            return;
        }
        boolean adds = node.op().equals("Unsqueeze");
        boolean keeps =
                !adds && !node.op().equals("Squeeze") && node.attributes().integer("keepdims", 1) == 1;
        int reach = adds ? rank + axes.length : rank;
        int[] positions = Arrays.stream(axes)
                .mapToInt(axis -> Axes.fromFirst(axis, reach))
                .sorted()
                .toArray();
        int channels = place.axis() + rank;
        int moved = channels;
        for (int position : positions) {
            if (!adds && position == channels) {
                trace.refuse(node, "takes the channels together");
                return;
            }
            // Of axes that appear or vanish, only those behind the channels change their distance from the end.
            moved += adds && position <= moved ? 1 : 0;
        }
        int gone = adds || keeps
                ? 0
                : (int) Arrays.stream(positions).filter(axis -> axis < channels).count();
        int after = adds ? reach : keeps ? rank : rank - positions.length;
        trace.put(node.output(0), place.at(moved - gone - after));
    }

    /** Shape: numbers, of which nobody may read the channels'. */
    void shape(Node node) {
        Place place = trace.place(node.input(0)).orElseThrow();
        int rank = trace.rank(node.input(0));
        int readers = 0;
        for (Node reader : trace.graph.nodes()) {
            if (reader.inputs().contains(node.output(0))) {
                readers++;
                if (!readsElsewhere(reader, rank, place)) {
                    place.space().block(reader + " reads the number of channels");
                }
            }
        }
        if (trace.graph.uses(node.output(0)) != readers) {
            place.space().block(node + " gives the number of channels to an inner graph or the caller");
        }
    }

    private boolean readsElsewhere(Node reader, int rank, Place place) {
        Optional<long[]> index =
                reader.op().equals("Gather") ? trace.graph.integers(reader.input(1)) : Optional.empty();
        return index.isPresent()
                && index.get().length == 1
                && (index.get()[0] < 0
                        ? index.get()[0] != place.axis()
                        : index.get()[0] == 0 || rank >= 0 && index.get()[0] - rank != place.axis());
    }
}
