package io.squisher.report;

import io.squisher.internal.gson.JsonArray;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Figures.Estimate;
import io.squisher.report.network.NetworkNode;
import io.squisher.report.sensitivity.PassInputs;
import io.squisher.report.sensitivity.SensitivityPass;
import io.squisher.report.sensitivity.SensitivitySections;
import io.squisher.report.sensitivity.ShownDiagonal;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A page with every kind of block, and names that would like to be markup. */
final class Gallery {
    /** The name of a tensor, and so of a layer, a node, and a row. */
    static final String HOSTILE = "</script><img src=x onerror=\"window.hacked=1\">&amp;{{script}}";

    private Gallery() {}

    static Page report() {
        Map<String, Tensor> fisher = tensors(1);
        Map<String, Tensor> squisher = tensors(2);
        Map<String, Tensor> weights = tensors(3);
        Map<String, Tensor> masks = new LinkedHashMap<>();
        fisher.forEach((name, tensor) -> masks.put(
                name,
                Tensor.of(
                        tensor.shape(),
                        IntStream.range(0, (int) tensor.size())
                                .mapToLong(i -> i % 2)
                                .toArray())));
        List<NetworkNode> graph = new ArrayList<>();
        for (String layer : fisher.keySet()) {
            graph.add(new NetworkNode(
                    "node " + layer,
                    "MatMul",
                    List.of(layer),
                    graph.isEmpty() ? List.of() : List.of(graph.size() - 1)));
        }
        graph.add(new NetworkNode("sum", "Add", List.of(), List.of(0, graph.size() - 1)));
        SensitivitySections sensitivity = new SensitivitySections(
                List.of(
                        new ShownDiagonal(
                                "Fisher",
                                SensitivityPass.over(new PassInputs(fisher, weights, masks, squisher, List.of()))),
                        new ShownDiagonal("Squisher", SensitivityPass.over(PassInputs.of(squisher)))),
                Map.of(HOSTILE, "role " + HOSTILE),
                graph);
        List<Section> sections = new ArrayList<>(sensitivity.sections());
        sections.add(new Section(
                "agreement",
                "Agreement",
                sensitivity.pairs("Fisher", "Squisher").orElseThrow()));
        sections.add(new Section("methods", "Methods " + HOSTILE, figures()));
        return new Page(
                "gallery",
                "Every block, " + HOSTILE,
                sensitivity.lead(),
                sensitivity.headline(),
                List.of("A warning about '" + HOSTILE + "'"),
                sections);
    }

    private static List<Block> figures() {
        Map<String, Estimate> estimates = new LinkedHashMap<>();
        Map<String, Map<Double, Estimate>> lines = new LinkedHashMap<>();
        for (String method : new String[] {
            "parameters averaged",
            "Fisher",
            "exact Fisher",
            "Squisher",
            "Squisher of the data loss",
            "Squisher, α 1/n, δ0 0"
        }) {
            double mean = 0.6 + 0.05 * estimates.size();
            estimates.put(method, new Estimate(mean, mean - 0.02, mean + 0.02, mean + " ± 0.02, p below 0.001"));
            Map<Double, Estimate> line = new LinkedHashMap<>();
            for (double x : new double[] {25, 50, 75}) {
                line.put(x, new Estimate(mean - x / 500, mean - x / 500 - 0.01, Double.NaN, "text"));
            }
            lines.put(method, line);
        }
        List<String> tasks = IntStream.rangeClosed(1, 22)
                .mapToObj(i -> i == 3 ? HOSTILE : "task number " + i)
                .toList();
        double[][] distances = new double[tasks.size()][tasks.size()];
        for (int i = 0; i < distances.length; i++) {
            for (int j = 0; j < distances.length; j++) {
                distances[i][j] = i == j ? Double.NaN : Math.abs(i - j) / 22.0;
            }
        }
        return List.of(
                new Text.Paragraph("Text with " + HOSTILE),
                Figures.points(
                        new Caption("points", "Means", "Means of six methods"),
                        "all together: 1 in an average, the number of models in their sum; by how far each of them moved",
                        estimates),
                Figures.differences(
                        new Caption("differences", "Over the baseline", "Differences"), "points", estimates),
                Figures.lines(
                        new Caption("lines", "Along an axis", "Lines"),
                        "weights of the layers of the encoder that were pruned, all layers together, once, no training after, %",
                        "accuracy",
                        false,
                        lines),
                curve(),
                Figures.bars(
                        new Caption("bars", "Costs", "Bars"), false, List.of("seconds"), Map.of(HOSTILE, List.of(3.0))),
                Figures.matrix(new Caption("matrix", "Distances", "Distances of 22 tasks"), tasks, tasks, distances),
                new Text.Code("squisher report '" + HOSTILE + "'"),
                new Text.Facts(Map.of("file", HOSTILE)),
                new Text.Details("More about " + HOSTILE, List.of("Details.")));
    }

    /** As of a training: many points, the ends of two epochs, a share. */
    private static Figure curve() {
        Map<Double, Estimate> points = new LinkedHashMap<>();
        IntStream.rangeClosed(1, 200)
                .forEach(step -> points.put((double) step, new Estimate(1 - 0.9 / step, Double.NaN, Double.NaN, "")));
        Map<String, Map<Double, Estimate>> lines = new LinkedHashMap<>();
        lines.put("training", points);
        lines.put("validation", Map.of(200.0, new Estimate(0.99, Double.NaN, Double.NaN, "")));
        Figure figure = Figures.lines(new Caption("curve", "A training", "Curves"), "step", "share", false, lines);
        figure.data().addProperty("whole", true);
        figure.data().addProperty("zero", true);
        JsonArray ends = new JsonArray();
        ends.add(100);
        ends.add(200);
        figure.data().add("ends", ends);
        return figure;
    }

    private static Map<String, Tensor> tensors(long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(HOSTILE, tensor(random, 40, 30));
        for (int i = 0; i < 12; i++) {
            tensors.put("encoder.layers." + i + ".attention.self.projection.weight", tensor(random, 32, 24));
            tensors.put("encoder.layers." + i + ".attention.self.projection.bias", tensor(random, 32));
        }
        tensors.put("stem.weight", tensor(random, 16, 3, 3, 3));
        return tensors;
    }

    private static Tensor tensor(Random random, long... dims) {
        Shape shape = Shape.of(dims);
        double[] values = new double[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 9 == 0 ? 0 : Math.exp(3 * random.nextGaussian() - 9);
        }
        return Tensor.of(shape, values);
    }
}
