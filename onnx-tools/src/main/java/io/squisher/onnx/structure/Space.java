package io.squisher.onnx.structure;

import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Channels that stand and fall together, while they are being found. Spaces that meet (two branches are added, queries
 * meet keys) become one; every use goes through {@link #root()}.
 */
final class Space {
    private final int position;
    private final String name;
    private final long size;
    private boolean convolution;
    private long block = 1;
    private boolean output;
    private String obstacle;
    private Space merged;
    private final Set<UnitSlice> own = new LinkedHashSet<>();
    private final Set<UnitSlice> outgoing = new LinkedHashSet<>();
    private final List<GraphEdit> edits = new ArrayList<>();

    /**
     * The channels that a layer makes.
     *
     * @param position how many layers with channels came before
     * @param name of the layer's weights
     * @param size how many channels
     * @param convolution whether they are filters
     */
    Space(int position, String name, long size, boolean convolution) {
        this.position = position;
        this.name = name;
        this.size = size;
        this.convolution = convolution;
    }

    /** What this space has become. */
    Space root() {
        return merged == null ? this : merged.root();
    }

    long size() {
        return size;
    }

    /** Channels in a unit: 1, or the width of a head. */
    long block() {
        return root().block;
    }

    /** How many units there are. */
    long count() {
        return size / root().block;
    }

    /** Makes {@code width} neighbouring channels one unit. */
    void group(long width) {
        Space root = root();
        if (root.block != 1 && root.block != width) {
            root.block("its channels are taken in groups of " + root.block + " and of " + width);
        } else {
            root.block = width;
        }
    }

    void own(String parameter, int axis) {
        root().own.add(new UnitSlice(parameter, axis));
    }

    void outgoing(String parameter, int axis) {
        root().outgoing.add(new UnitSlice(parameter, axis));
    }

    void edit(GraphEdit edit) {
        root().edits.add(edit);
    }

    /** Says why the units cannot go; the first reason counts. */
    void block(String reason) {
        Space root = root();
        root.obstacle = root.obstacle == null ? reason : root.obstacle;
    }

    /** The model returns these channels: they are its answer. */
    void isOutput() {
        root().output = true;
    }

    /** Makes two spaces one. */
    void join(Space other) {
        Space mine = root();
        Space others = other.root();
        if (mine == others) {
            return;
        }
        // The layer that comes first gives the group its name.
        Space a = mine.position < others.position ? mine : others;
        Space b = a == mine ? others : mine;
        if (a.size != b.size) {
            a.block("it meets '" + b.name + "' of another width");
            b.block("it meets '" + a.name + "' of another width");
            return;
        }
        b.merged = a;
        a.own.addAll(b.own);
        a.outgoing.addAll(b.outgoing);
        a.edits.addAll(b.edits);
        a.convolution |= b.convolution;
        a.output |= b.output;
        if (b.obstacle != null) {
            a.block(b.obstacle);
        }
        if (b.block != 1) {
            a.group(b.block);
        }
    }

    /** The finished group; empty for the model's answer, for what nothing reads, and for what has only one unit. */
    Optional<UnitGroup> finished() {
        boolean read = obstacle != null || !outgoing.isEmpty();
        if (output || !read || count() < 2) {
            return Optional.empty();
        }
        UnitGroup.Kind kind =
                block > 1 ? UnitGroup.Kind.HEADS : convolution ? UnitGroup.Kind.FILTERS : UnitGroup.Kind.NEURONS;
        return Optional.of(new UnitGroup(
                name,
                kind,
                Math.toIntExact(count()),
                List.copyOf(own),
                List.copyOf(outgoing),
                Optional.ofNullable(obstacle)));
    }

    List<GraphEdit> edits() {
        return edits;
    }
}
