package io.squisher.onnx.structure;

import io.squisher.onnx.graph.FileGraph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.PartialShapes;
import io.squisher.onnx.shape.ShapeEntries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known while the channels are followed through the graph. */
final class Trace {
    final FileGraph graph;
    final PartialShapes shapes;
    final ShapeEntries entries;
    private final Map<String, Place> places = new HashMap<>();
    private final List<Space> spaces = new ArrayList<>();

    Trace(FileGraph graph) {
        this.graph = graph;
        this.shapes = new PartialShapes(graph);
        this.entries = new ShapeEntries(graph);
    }

    /** Where channels are in a value, if any are followed there. */
    Optional<Place> place(String value) {
        return Optional.ofNullable(places.get(value));
    }

    /** Channels go on in {@code value}. */
    void put(String value, Place place) {
        places.put(value, place);
    }

    /** New channels, of the layer with these weights. */
    Space start(String name, long size, boolean convolution) {
        Space space = new Space(spaces.size(), name, size, convolution);
        spaces.add(space);
        return space;
    }

    List<Space> spaces() {
        return spaces;
    }

    /** All channels among a node's inputs. */
    List<Place> inputs(Node node) {
        List<Place> found = new ArrayList<>();
        node.inputs().forEach(input -> place(input).ifPresent(found::add));
        node.captured().forEach(input -> place(input).ifPresent(found::add));
        return found;
    }

    /** The channels cannot be taken out because of {@code node}. */
    void refuse(Node node, String reason) {
        inputs(node).forEach(place -> place.space().block(node + " " + reason));
    }

    /** The rank of a value; −1 where it is not known. */
    int rank(String value) {
        return shapes.of(value).map(shape -> shape.length).orElse(-1);
    }

    /**
     * A stored weight that nothing else reads, as this node sees it: itself, or what a Transpose of it gives.
     *
     * @param parameter the initializer
     * @param transposed whether the axes are reversed
     */
    record Weight(String parameter, long[] shape, boolean transposed) {
        /** The initializer's axis for an axis as the node sees it. */
        int axis(int seen) {
            return transposed ? shape.length - 1 - seen : seen;
        }

        /** The size of an axis as the node sees it. */
        long size(int seen) {
            return shape[axis(seen)];
        }
    }

    /** The weight behind an input. */
    Optional<Weight> weight(String value) {
        if (graph.uses(value) != 1) {
            return Optional.empty();
        }
        if (graph.isInitializer(value)) {
            return graph.storedShape(value).map(shape -> new Weight(value, shape, false));
        }
        return graph.producer(value)
                .filter(node -> node.op().equals("Transpose") && isReversal(node))
                .map(node -> node.input(0))
                .filter(source -> graph.isInitializer(source) && graph.uses(source) == 1)
                .flatMap(source -> graph.storedShape(source)
                        .filter(shape -> shape.length == 2)
                        .map(shape -> new Weight(source, shape, true)));
    }

    private static boolean isReversal(Node node) {
        return node.attributes()
                .integers("perm")
                .map(permutation -> permutation.length == 2 && permutation[0] == 1)
                .orElse(true);
    }

    /** The channels' own slices of a vector that a node reads: a bias, a scale. */
    void ownVector(Node node, int input, Space space) {
        String name = node.input(input);
        if (name.isEmpty()) {
            return;
        }
        long length = graph.storedShape(name)
                .filter(shape -> shape.length == 1)
                .map(shape -> shape[0])
                .orElse(0L);
        if (!graph.isInitializer(name) || graph.uses(name) != 1 || length != space.size()) {
            space.block(node + " reads '" + name + "', which is no vector of its own");
        } else {
            space.own(name, 0);
        }
    }
}
