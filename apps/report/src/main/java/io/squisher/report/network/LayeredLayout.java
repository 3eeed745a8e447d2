package io.squisher.report.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Places for the nodes of a graph without cycles: rows by the longest way from a source, and in each row an order and places near the
 * neighbours' means (Sugiyama, Tagawa and Toda 1981, with the barycentre rule). A way past other rows gets a place in each, so that it
 * does not run behind nodes.
 */
final class LayeredLayout {
    private static final int SWEEPS = 6;

    /** A longer way, such as a mask that all layers read, is drawn straight: places for all would fill the picture. */
    private static final int LONGEST = 24;

    /** How near a way may pass a node or another way, in widths of a node. */
    private static final double WAY = 0.3;

    /** A node or a place on a way. */
    private static final class Spot {
        final int row;
        final boolean node;
        final List<Spot> above = new ArrayList<>();
        final List<Spot> below = new ArrayList<>();
        double x;

        Spot(int row, boolean node) {
            this.row = row;
            this.node = node;
        }

        double near(List<Spot> neighbours) {
            return neighbours.stream().mapToDouble(spot -> spot.x).average().orElse(x);
        }
    }

    /** From one node to another, with the places between them. */
    record Way(int from, int to, List<double[]> places) {}

    private final List<Spot> nodes = new ArrayList<>();
    private final List<List<Spot>> rows = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();

    /** Lays out nodes by what each reads. */
    LayeredLayout(List<NetworkNode> graph) {
        for (NetworkNode node : graph) {
            int row = node.inputs().stream()
                    .mapToInt(input -> nodes.get(input).row + 1)
                    .max()
                    .orElse(0);
            nodes.add(spot(row, true));
        }
        List<List<Spot>> between = new ArrayList<>();
        for (int to = 0; to < graph.size(); to++) {
            for (int from : graph.get(to).inputs()) {
                between.add(connect(nodes.get(from), nodes.get(to)));
                ways.add(new Way(from, to, new ArrayList<>()));
            }
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int i = 0; i < rows.size(); i++) {
                place(rows.get(down ? i : rows.size() - 1 - i), down);
            }
        }
        double least = rows.stream()
                .flatMap(List::stream)
                .mapToDouble(spot -> spot.x)
                .min()
                .orElse(0);
        rows.forEach(row -> row.forEach(spot -> spot.x -= least));
        for (int i = 0; i < ways.size(); i++) {
            for (Spot spot : between.get(i)) {
                ways.get(i).places().add(new double[] {spot.x, spot.row});
            }
        }
    }

    private Spot spot(int row, boolean node) {
        Spot spot = new Spot(row, node);
        while (rows.size() <= row) {
            rows.add(new ArrayList<>());
        }
        spot.x = rows.get(row).size();
        rows.get(row).add(spot);
        return spot;
    }

    private List<Spot> connect(Spot from, Spot to) {
        List<Spot> between = new ArrayList<>();
        if (to.row - from.row > LONGEST) {
            return between;
        }
        Spot last = from;
        for (int row = from.row + 1; row < to.row; row++) {
            Spot spot = spot(row, false);
            between.add(spot);
            last.below.add(spot);
            spot.above.add(last);
            last = spot;
        }
        last.below.add(to);
        to.above.add(last);
        return between;
    }

    /** Puts a row's spots near the means of their neighbours, in that order, without overlap. */
    private static void place(List<Spot> row, boolean down) {
        double[] wanted = new double[row.size()];
        for (Spot spot : row) {
            spot.x = spot.near(down ? spot.above : spot.below);
        }
        row.sort(Comparator.comparingDouble(spot -> spot.x));
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = row.get(i).x;
        }
        for (int i = 1; i < wanted.length; i++) {
            double apart = row.get(i).node && row.get(i - 1).node
                    ? 1
                    : WAY + (row.get(i).node || row.get(i - 1).node ? WAY : 0);
            row.get(i).x = Math.max(row.get(i).x, row.get(i - 1).x + apart);
        }
        double shift = Arrays.stream(wanted).average().orElse(0)
                - row.stream().mapToDouble(spot -> spot.x).average().orElse(0);
        row.forEach(spot -> spot.x += shift);
    }

    double x(int node) {
        return nodes.get(node).x;
    }

    int row(int node) {
        return nodes.get(node).row;
    }

    int rows() {
        return rows.size();
    }

    /** How many widths of a node the picture takes. */
    double columns() {
        return 1
                + rows.stream()
                        .flatMap(List::stream)
                        .mapToDouble(spot -> spot.x)
                        .max()
                        .orElse(0);
    }

    List<Way> ways() {
        return ways;
    }
}
