package io.squisher.apps.cli.command.embed;

import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.LargestSources;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.apps.taskembedding.TransferResults;
import io.squisher.files.FormatException;
import io.squisher.files.TextFile;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher similarity}: how near tasks are, and which to transfer from. */
public final class SimilarityCommand implements Command {
    private static final String TRANSFER = "transfer table";

    @Override
    public String name() {
        return "similarity";
    }

    @Override
    public String summary() {
        return "Measure how near tasks are by their embeddings, and rank sources for each target";
    }

    @Override
    public String arguments() {
        return "F1 F2 ...";
    }

    @Override
    public Options options() {
        return EmbeddingOptions.declare()
                .addOption(Flags.value(
                        "distance",
                        "D",
                        Domain.oneOf(Distance.class),
                        "cosine (default), plain-cosine, asymmetric-cosine, normalized-cosine, kl, asymmetric-kl, jsd,"
                                + " correlation (of variances), plain-correlation or entropy"))
                .addOption(
                        Flags.value(
                                "transfer",
                                "FILE.json",
                                Domain.PATH,
                                "measured transfer, {target: {source: score}}: prints the mean reciprocal rank of the best source"))
                .addOption(Flags.outputBeside("plot", OutputKind.PICTURE, "a clustered heat map; .png or .svg"))
                .addOption(PageOption.declare())
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "three tasks by their Fishers",
                        "similarity a.safetensors b.safetensors c.safetensors --exclude head --plot heat.png"),
                new Example(
                        "against measured transfer",
                        "similarity a.json b.json c.json --transfer measured.json --json"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        List<Path> files = line.getArgList().stream().map(values::toPath).toList();
        if (files.size() < 2) {
            throw values.wrong("expected at least two Fishers or embeddings, got " + files.size());
        }
        Distance distance = values.choice("distance", Distance.class).orElse(Distance.COSINE);
        EmbeddingOptions options = EmbeddingOptions.of(values);
        Optional<Output> plot = values.outputPath("plot");
        Optional<TransferResults> transfer = values.path("transfer").map(SimilarityCommand::readTransfer);
        List<TaskEmbedding> tasks = embedAll(files, options, console);
        TaskDistances distances = TaskDistances.of(tasks, distance);
        JsonObject document = new JsonObject();
        document.addProperty("distance", Values.spellConstant(distance));
        document.add("variant", options.variant());
        JsonObject sources = new JsonObject();
        tasks.forEach(task -> sources.addProperty(task.label(), task.source()));
        document.add("sources", sources);
        reportMatrix(distances, document, console);
        reportRanking(new NearestSources(distances), distances, document, console);
        transfer.ifPresent(results -> reportTransfer(results, tasks, distances, document, console));
        plot.ifPresent(file -> {
            HeatMap.write(file.path(), distances, "Distance between tasks: " + Values.spellConstant(distance));
            console.print(file.wrote());
        });
        PageOption.write(
                values, () -> new SimilarityPage(tasks, distances, Values.spellConstant(distance)).page(), console);
        console.printJson(document);
        return ExitCode.DONE;
    }

    private static List<TaskEmbedding> embedAll(List<Path> files, EmbeddingOptions options, Console console) {
        List<TaskEmbedding> tasks = new ArrayList<>();
        files.forEach(file -> tasks.add(options.embed(file, console)));
        return TaskEmbedding.distinct(tasks, files.stream().map(Path::toString).toList());
    }

    private static TransferResults readTransfer(Path file) {
        try {
            Map<String, Map<String, Double>> scores = new Gson()
                    .fromJson(
                            TextFile.read(file, TRANSFER),
                            new TypeToken<Map<String, Map<String, Double>>>() {}.getType());
            if (scores == null) {
                throw FormatException.notText(file, TRANSFER, "it is empty");
            }
            return new TransferResults(scores);
        } catch (JsonParseException e) {
            throw FormatException.notText(file, TRANSFER, "expected {target: {source: score}}");
        }
    }

    private static void reportMatrix(TaskDistances distances, JsonObject document, Console console) {
        List<String> headings = new ArrayList<>(List.of("from \\ to"));
        headings.addAll(distances.labels());
        TextTable table = new TextTable(headings.toArray(String[]::new));
        JsonArray matrix = new JsonArray();
        for (int i = 0; i < distances.labels().size(); i++) {
            List<String> cells = new ArrayList<>(List.of(distances.labels().get(i)));
            JsonArray row = new JsonArray();
            for (double value : distances.matrix()[i]) {
                cells.add(String.format(Locale.ROOT, "%.4g", value));
                row.add(Json.number(value));
            }
            table.row(cells.toArray(String[]::new));
            matrix.add(row);
        }
        table.lines().forEach(console::print);
        document.add("tasks", Json.texts(distances.labels()));
        document.add("matrix", matrix);
    }

    private static void reportRanking(
            NearestSources nearest, TaskDistances distances, JsonObject document, Console console) {
        JsonObject ranking = new JsonObject();
        for (String target : distances.labels()) {
            List<String> sources = nearest.sourcesFor(target);
            ranking.add(target, Json.texts(sources));
            console.print("sources for " + target + ", nearest first: " + String.join(", ", sources));
        }
        document.add("ranking", ranking);
    }

    private static void reportTransfer(
            TransferResults results,
            List<TaskEmbedding> tasks,
            TaskDistances distances,
            JsonObject document,
            Console console) {
        double ours = results.meanReciprocalRank(new NearestSources(distances), distances.labels());
        document.addProperty("mean_reciprocal_rank", ours);
        console.print(String.format(Locale.ROOT, "mean reciprocal rank of the best source: %.4f", ours));
        try {
            double bySize = results.meanReciprocalRank(new LargestSources(tasks), distances.labels());
            document.addProperty("mean_reciprocal_rank_by_data_size", bySize);
            console.print(String.format(Locale.ROOT, "the same, ranked by data set size: %.4f", bySize));
        } catch (SquisherException e) {
            console.warn("no ranking by data set size: " + e.getMessage());
        }
    }
}
