package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.SearchedMerge;
import io.squisher.apps.merge.WeightSearch;
import io.squisher.files.FormatException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.evaluation.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** The search for the weights of an ONNX merge on a validation set. */
final class MergeSearch {
    private enum Kind {
        GRID,
        RANDOM
    }

    /** Each is a merge of the models; a grid of a thousand is finer than a validation set can tell. */
    private static final int MOST_TRIALS = 100_000;

    private final List<List<Double>> candidates;
    private final Path validation;
    private final OnnxOptions onnx;

    private MergeSearch(List<List<Double>> candidates, Path validation, OnnxOptions onnx) {
        this.candidates = candidates;
        this.validation = validation;
        this.onnx = onnx;
    }

    static void declare(Options options) {
        options.addOption(Flags.value(
                        "search",
                        "S",
                        Domain.oneOf(Kind.class),
                        "find the weights on --validation: grid (two models) or random"))
                .addOption(Flags.value(
                        "validation", "D.npz", Domain.PATH, "examples that choose the weights; never the test set"))
                .addOption(Flags.value(
                        "trials", "N", Domain.wholeNumber(2, MOST_TRIALS), "weights that the search tries; default 51"))
                .addOption(Flags.seed("of the random search, or of what dare drops"));
        OnnxOptions.addTo(options);
    }

    /** The search that was asked for, if any. */
    static Optional<MergeSearch> of(Values values, int models) {
        Optional<Kind> kind = values.choice("search", Kind.class);
        if (kind.isEmpty()) {
            List<String> pointless = new ArrayList<>(List.of("validation", "trials"));
            if (values.choice("method", MergeSettings.Method.class)
                    .filter(MergeSettings.Method.DARE::equals)
                    .isEmpty()) {
                pointless.add("seed");
            }
            pointless.addAll(OnnxOptions.names());
            pointless.stream().filter(values::has).findFirst().ifPresent(option -> {
                throw values.wrong("--" + option + " goes with --search"
                        + (option.equals("seed") ? ", or with --method dare" : ""));
            });
            return Optional.empty();
        }
        if (values.has("weight")) {
            throw values.wrong("--search finds the weights; --weight gives them");
        }
        int trials = Math.toIntExact(values.wholeNumber("trials").orElse((long) WeightSearch.DEFAULT_TRIALS));
        long seed = values.wholeNumber("seed").orElse(0L);
        List<List<Double>> candidates = values.valid(() -> kind.get() == Kind.GRID
                ? WeightSearch.grid(models, trials)
                : WeightSearch.random(models, trials, seed));
        return Optional.of(new MergeSearch(candidates, values.requiredPath("validation"), new OnnxOptions(values)));
    }

    /**
     * Models with the weights that were found.
     *
     * @param report what chose them, and all that was tried
     * @param summary the same in a line
     */
    record Found(List<MergeInput> models, JsonObject report, String summary) {}

    /** Merges with every candidate, scores each on the validation set, and returns the models with the best weights. */
    Found run(List<MergeInput> models, MergeMethod method, MergeOptions options, Console console) {
        Path folder = temporaryFolder();
        try (NpzFile data = NpzFile.open(validation)) {
            int[] trial = {0};
            SearchedMerge searched = SearchedMerge.of(models, method, options, candidates, (weights, plan) -> {
                Path file = folder.resolve("candidate.onnx");
                models.get(0).weights().format().write(file, models.get(0).weights(), plan.tensors(), plan.metadata());
                Scores scores = evaluate(file, data, console);
                console.note(String.format(
                        Locale.ROOT,
                        "search %d/%d: weights %s, %s %.6g",
                        ++trial[0],
                        candidates.size(),
                        weights,
                        scores.metric(),
                        scores.value()));
                return new SearchedMerge.Score(scores.metric(), scores.value());
            });
            String summary = "weights " + searched.outcome().best().weights() + " chosen by " + searched.metric()
                    + " on '" + validation + "', the best of " + candidates.size();
            return new Found(searched.models(), report(searched.outcome(), searched.metric()), summary);
        } finally {
            delete(folder);
        }
    }

    private Scores evaluate(Path file, NpzFile data, Console console) {
        OnnxFile model = OnnxFile.read(file);
        return new Evaluation(
                        model,
                        onnx.examples(data, model, console),
                        onnx.labels(),
                        onnx.output(),
                        onnx.outputsAreLogits(),
                        onnx.likelihood(),
                        OptionalInt.empty(),
                        onnx.runtime(console))
                .run();
    }

    private JsonObject report(WeightSearch.Outcome outcome, String metric) {
        JsonObject report = new JsonObject();
        report.addProperty("chosen_on", validation.getFileName().toString());
        report.addProperty("metric", metric);
        JsonArray trials = new JsonArray();
        for (WeightSearch.Trial trial : outcome.trials()) {
            JsonObject json = new JsonObject();
            JsonArray weights = new JsonArray();
            trial.weights().forEach(weights::add);
            json.add("weights", weights);
            json.add(metric, Json.number(Math.abs(trial.score())));
            trials.add(json);
        }
        report.add("trials", trials);
        return report;
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("squisher-search");
        } catch (IOException e) {
            throw new SquisherException("cannot make a temporary folder for the search: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw FormatException.unwritable(folder, e);
        }
    }
}
