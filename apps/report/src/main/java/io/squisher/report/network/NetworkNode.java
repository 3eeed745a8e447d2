package io.squisher.report.network;

import java.util.List;

/**
 * A node of a graph that is shown.
 *
 * @param operator what it does
 * @param layers the parameters that it reads
 * @param inputs the nodes, by their place in the list, whose results it reads; all stand before it
 */
public record NetworkNode(String name, String operator, List<String> layers, List<Integer> inputs) {
    public NetworkNode {
        layers = List.copyOf(layers);
        inputs = List.copyOf(inputs);
    }
}
