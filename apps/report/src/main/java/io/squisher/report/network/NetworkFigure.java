package io.squisher.report.network;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonNull;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.PageJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws the graph of a model, each node coloured by its share of the sensitivity. */
public final class NetworkFigure {
    /** With more nodes only those with parameters are shown: a page must open in a second or two. */
    private static final int MOST = 1500;

    private NetworkFigure() {}

    /**
     * The picture.
     *
     * @param graph in topological order
     * @param shares each parameter's share of the sensitivity
     */
    public static Figure of(Figures.Caption caption, List<NetworkNode> graph, Map<String, Double> shares) {
        List<NetworkNode> nodes = graph.size() > MOST ? folded(graph) : graph;
        LayeredLayout layout = new LayeredLayout(nodes);
        JsonObject data = Figures.data(
                nodes.size() == graph.size()
                        ? caption
                        : new Figures.Caption(
                                caption.id(),
                                caption.title(),
                                caption.alternative(),
                                "Of " + graph.size() + " nodes the " + nodes.size() + " with parameters are shown."));
        data.add("columns", PageJson.number(layout.columns()));
        data.addProperty("rows", layout.rows());
        JsonArray all = new JsonArray();
        for (int i = 0; i < nodes.size(); i++) {
            all.add(node(nodes.get(i), layout.x(i), layout.row(i), shares));
        }
        data.add("nodes", all);
        JsonArray edges = new JsonArray();
        for (LayeredLayout.Way way : layout.ways()) {
            JsonArray edge = new JsonArray();
            edge.add(way.from());
            edge.add(way.to());
            for (double[] place : way.places()) {
                edge.add(PageJson.numbers(place));
            }
            edges.add(edge);
        }
        data.add("edges", edges);
        return Figures.figure("network", caption, data);
    }

    private static JsonObject node(NetworkNode node, double x, int row, Map<String, Double> shares) {
        JsonObject json = new JsonObject();
        json.addProperty("name", node.name());
        json.addProperty("op", node.operator());
        json.add("x", PageJson.number(x));
        json.addProperty("y", row);
        List<String> known = node.layers().stream().filter(shares::containsKey).toList();
        json.add("layers", PageJson.texts(known));
        json.add(
                "share",
                known.isEmpty()
                        ? JsonNull.INSTANCE
                        : PageJson.number(
                                known.stream().mapToDouble(shares::get).sum()));
        return json;
    }

    /** The nodes with parameters alone, each reading those that it reads by way of others. */
    static List<NetworkNode> folded(List<NetworkNode> graph) {
        List<Set<Integer>> behind = new ArrayList<>();
        Map<Integer, Integer> places = new HashMap<>();
        List<NetworkNode> kept = new ArrayList<>();
        for (int i = 0; i < graph.size(); i++) {
            NetworkNode node = graph.get(i);
            Set<Integer> inputs = new LinkedHashSet<>();
            node.inputs().forEach(input -> inputs.addAll(behind.get(input)));
            if (node.layers().isEmpty()) {
                behind.add(inputs);
            } else {
                places.put(i, kept.size());
                kept.add(new NetworkNode(
                        node.name(),
                        node.operator(),
                        node.layers(),
                        inputs.stream().map(places::get).toList()));
                behind.add(Set.of(i));
            }
        }
        return kept;
    }
}
