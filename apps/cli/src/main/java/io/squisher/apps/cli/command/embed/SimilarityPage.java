package io.squisher.apps.cli.command.embed;

import io.squisher.apps.taskembedding.CompleteLinkage;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.report.Column;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Table;
import io.squisher.report.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page of {@code similarity}.
 *
 * @param distance its name
 */
record SimilarityPage(List<TaskEmbedding> tasks, TaskDistances distances, String distance) {
    Page page() {
        return new Page(
                "similarity",
                "Distances between " + tasks.size() + " tasks",
                lead(),
                Map.of(),
                List.of(),
                List.of(
                        new Section("distances", "Distances", matrix(), pairs()),
                        new Section("sources", "Which task to transfer from", ranking()),
                        new Section("provenance", "Where the numbers come from", new Text.Facts(provenance()))));
    }

    /** The pair that is nearest. */
    private String lead() {
        int from = 0;
        int to = 1;
        double[][] matrix = distances.matrix();
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix.length; j++) {
                if (i != j && matrix[i][j] < matrix[from][to]) {
                    from = i;
                    to = j;
                }
            }
        }
        return String.format(
                java.util.Locale.ROOT,
                "Nearest are '%s' and '%s', at a distance of %.3g (%s).",
                distances.labels().get(from),
                distances.labels().get(to),
                matrix[from][to],
                distance);
    }

    /** Clusters stand together; a task's distance to itself says nothing, and would take the scale's end. */
    private io.squisher.report.Figure matrix() {
        List<Integer> order = CompleteLinkage.order(distances.matrix());
        List<String> labels = order.stream().map(distances.labels()::get).toList();
        double[][] values = new double[labels.size()][labels.size()];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values.length; j++) {
                values[i][j] = i == j ? Double.NaN : distances.matrix()[order.get(i)][order.get(j)];
            }
        }
        return Figures.matrix(
                new Caption(
                        "matrix",
                        "Distance from each task (row) to each (column): " + distance,
                        "Heat map of the distances between tasks, clusters side by side",
                        "Stronger colours are nearer. Tasks stand beside those of their cluster."),
                labels,
                labels,
                values);
    }

    private Table pairs() {
        Table table = Table.of(
                "distances",
                "Pairs",
                Column.text("from", "from"),
                Column.text("to", "to"),
                Column.number("distance", "distance"));
        for (int i = 0; i < tasks.size(); i++) {
            for (int j = 0; j < tasks.size(); j++) {
                if (i != j) {
                    table.row(
                            distances.labels().get(i),
                            distances.labels().get(j),
                            distances.matrix()[i][j]);
                }
            }
        }
        return table;
    }

    private Table ranking() {
        Table table = Table.of(
                "ranking",
                "Sources for each target, nearest first",
                Column.text("target", "target"),
                Column.count("rank", "rank"),
                Column.text("source", "source"));
        NearestSources nearest = new NearestSources(distances);
        for (String target : distances.labels()) {
            List<String> sources = nearest.sourcesFor(target);
            for (int i = 0; i < sources.size(); i++) {
                table.row(target, i + 1, sources.get(i));
            }
        }
        return table;
    }

    private Map<String, String> provenance() {
        Map<String, String> facts = new LinkedHashMap<>();
        tasks.forEach(task -> facts.put(task.label(), task.source()));
        return facts;
    }
}
