package io.squisher.report.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkFigureTest {
    private static NetworkNode node(String name, Integer... inputs) {
        return new NetworkNode(name, "Op", List.of(), List.of(inputs));
    }

    private static NetworkNode layer(String name, Integer... inputs) {
        return new NetworkNode(name, "Conv", List.of(name + ".weight"), List.of(inputs));
    }

    @Test
    void aBranchStandsBesideAnotherAndAWayPastRowsHasItsPlaces() {
        LayeredLayout layout = new LayeredLayout(
                List.of(node("in"), node("left", 0), node("right", 0), node("sum", 1, 2), node("skip", 3, 0)));
        assertEquals(
                List.of(0, 1, 1, 2, 3),
                List.of(layout.row(0), layout.row(1), layout.row(2), layout.row(3), layout.row(4)));
        assertTrue(Math.abs(layout.x(1) - layout.x(2)) >= 1, "nodes of a row do not overlap");
        LayeredLayout.Way skip = layout.ways().get(layout.ways().size() - 1);
        assertEquals(2, skip.places().size());
        assertTrue(skip.places().stream().allMatch(place -> Math.abs(place[0] - layout.x(3)) > 0.2 || place[1] != 2));
    }

    @Test
    void nodesOfARowNeverOverlap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<NetworkNode> graph = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            List<Integer> inputs = new ArrayList<>();
            for (int input = Math.max(0, i - 6); input < i; input++) {
                if (random.nextInt(4) == 0) {
                    inputs.add(input);
                }
            }
            graph.add(new NetworkNode("n" + i, "Op", List.of(), inputs));
        }
        LayeredLayout layout = new LayeredLayout(graph);
        for (int i = 0; i < graph.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(
                        layout.row(i) != layout.row(j) || Math.abs(layout.x(i) - layout.x(j)) > 0.999,
                        "seed " + seed + ": " + i + " and " + j);
            }
            int row = layout.row(i);
            graph.get(i).inputs().forEach(input -> assertTrue(layout.row(input) < row, "seed " + seed));
        }
    }

    @Test
    void foldsNodesWithoutParametersAway() {
        List<NetworkNode> folded = NetworkFigure.folded(
                List.of(node("in"), layer("a", 0), node("relu", 1), layer("b", 2), node("add", 2, 3), layer("c", 4)));
        assertEquals(
                List.of("a", "b", "c"), folded.stream().map(NetworkNode::name).toList());
        assertEquals(List.of(), folded.get(0).inputs());
        assertEquals(List.of(0), folded.get(1).inputs());
        assertEquals(List.of(0, 1), folded.get(2).inputs());
    }
}
