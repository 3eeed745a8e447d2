package io.squisher.apps.cli;

import io.squisher.apps.compare.Agreement;
import io.squisher.apps.compare.Comparison;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.Rescaling;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher compare}: the agreement of two diagonals (or two models), overall and per tensor. */
public final class CompareCommand implements Command {
    private static final double DEFAULT_TOP = 0.1;

    /** How many of the tensors that exceed the tolerance are named. */
    private static final int WORST = 10;

    @Override
    public String name() {
        return "compare";
    }

    @Override
    public String summary() {
        return "Measure how well two diagonals agree: rank correlation, top-k overlap, scale ratio, cosine";
    }

    @Override
    public String arguments() {
        return "A.safetensors B.safetensors";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value(
                        "rtol",
                        "X",
                        Domain.NOT_NEGATIVE,
                        "exit with 1 where B's relative error exceeds X in a tensor, A being the reference, or where a"
                                + " tensor is missing"))
                .addOption(Flags.value(
                        "top",
                        "SHARE",
                        Domain.SHARE,
                        "share of coordinates for the overlap of the largest; default 0.1"))
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "a Fisher and the Squisher of the same model",
                        "compare fisher.safetensors squisher.safetensors"),
                new Example("check against a reference", "compare reference.safetensors mine.safetensors --rtol 1e-3"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        List<Path> files = values.arguments("A", "B");
        double top = values.number("top").orElse(DEFAULT_TOP);
        Optional<Double> tolerance = values.number("rtol");
        try (WeightSource a = WeightFormats.open(files.get(0));
                WeightSource b = WeightFormats.open(files.get(1))) {
            if (tolerance.isEmpty()) {
                refuseZero(a);
                refuseZero(b);
            }
            Comparison comparison = Comparison.of(tensors(a), tensors(b), top);
            warnOfMissing(comparison, files, console);
            print(comparison, top, console);
            Verdict verdict = Verdict.of(comparison, tolerance);
            console.printJson(json(comparison, files, top, verdict));
            verdict.sentence().ifPresent(console::complain);
            return verdict.passed() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static Map<String, Tensor> tensors(WeightSource source) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        source.names().forEach(name -> tensors.put(name, source.tensor(name)));
        return source.metadata().containsKey(FisherFile.PROVENANCE_KEY) ? checked(source, tensors) : tensors;
    }

    /** Ranks and angles of zeros are no numbers; only whether values agree can be asked of them. */
    private static void refuseZero(WeightSource source) {
        if (source.metadata().containsKey(FisherFile.PROVENANCE_KEY)) {
            FisherContent.of(new FisherDiagonal(tensors(source), Provenance.getDefaultInstance()))
                    .refuseZero(source.path().toString());
        }
    }

    /** A file that says it is a Fisher must be one. */
    private static Map<String, Tensor> checked(WeightSource source, Map<String, Tensor> tensors) {
        FisherDiagonal diagonal = new FisherDiagonal(tensors, Provenance.getDefaultInstance());
        Sensitivity entries = new Sensitivity(new NamedFisher(source.path().toString(), diagonal), Rescaling.IDENTITY);
        Map<String, Tensor> checked = new LinkedHashMap<>();
        tensors.keySet().forEach(name -> checked.put(name, entries.of(name)));
        return checked;
    }

    private static void warnOfMissing(Comparison comparison, List<Path> files, Console console) {
        if (!comparison.onlyInFirst().isEmpty()) {
            console.warn("only in '" + files.get(0) + "': " + FisherCheck.list(comparison.onlyInFirst()));
        }
        if (!comparison.onlyInSecond().isEmpty()) {
            console.warn("only in '" + files.get(1) + "': " + FisherCheck.list(comparison.onlyInSecond()));
        }
    }

    private static void print(Comparison comparison, double top, Console console) {
        TextTable table = new TextTable(
                "tensor",
                "elements",
                "rank corr.",
                "top " + String.format(Locale.ROOT, "%.3g%%", 100 * top),
                "A/B",
                "cosine",
                "rel. error");
        comparison.tensors().forEach((name, agreement) -> row(table, name, agreement));
        row(table, "(all)", comparison.overall());
        table.lines().forEach(console::print);
        if (comparison.overall().ranked() < comparison.overall().elements()) {
            console.print(
                    "Rank figures of (all) rest on " + comparison.overall().ranked() + " evenly spread coordinates.");
        }
    }

    private static void row(TextTable table, String name, Agreement agreement) {
        table.row(
                name,
                Long.toString(agreement.elements()),
                String.format(Locale.ROOT, "%.4f", agreement.spearman()),
                String.format(Locale.ROOT, "%.4f", agreement.topOverlap()),
                String.format(Locale.ROOT, "%.4g", agreement.scaleRatio()),
                String.format(Locale.ROOT, "%.4f", agreement.cosine()),
                String.format(Locale.ROOT, "%.2e", agreement.relativeError()));
    }

    private static JsonObject json(Comparison comparison, List<Path> files, double top, Verdict verdict) {
        JsonObject document = new JsonObject();
        document.addProperty("a", files.get(0).toString());
        document.addProperty("b", files.get(1).toString());
        document.addProperty("top_share", top);
        document.add("overall", json(comparison.overall()));
        JsonObject tensors = new JsonObject();
        comparison.tensors().forEach((name, agreement) -> tensors.add(name, json(agreement)));
        document.add("tensors", tensors);
        document.add("only_in_a", Json.texts(comparison.onlyInFirst()));
        document.add("only_in_b", Json.texts(comparison.onlyInSecond()));
        document.addProperty("passed", verdict.passed());
        return document;
    }

    private static JsonObject json(Agreement agreement) {
        JsonObject json = new JsonObject();
        json.addProperty("elements", agreement.elements());
        json.addProperty("ranked", agreement.ranked());
        json.add("spearman", Json.number(agreement.spearman()));
        json.add("top_overlap", Json.number(agreement.topOverlap()));
        json.add("scale_ratio", Json.number(agreement.scaleRatio()));
        json.add("cosine", Json.number(agreement.cosine()));
        json.add("relative_error", Json.number(agreement.relativeError()));
        return json;
    }

    /**
     * Whether a tolerance was kept.
     *
     * @param sentence what was not kept; empty where all was, or nothing asked for
     */
    private record Verdict(boolean passed, Optional<String> sentence) {
        static Verdict of(Comparison comparison, Optional<Double> tolerance) {
            if (tolerance.isEmpty()) {
                return new Verdict(true, Optional.empty());
            }
            List<Map.Entry<String, Agreement>> worst = comparison.tensors().entrySet().stream()
                    .filter(entry -> !(entry.getValue().relativeError() <= tolerance.get()))
                    .sorted(Comparator.comparingDouble(
                            entry -> -entry.getValue().relativeError()))
                    .toList();
            if (!worst.isEmpty()) {
                List<String> named = worst.stream()
                        .limit(WORST)
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "'%s' %.2e",
                                entry.getKey(),
                                entry.getValue().relativeError()))
                        .toList();
                return new Verdict(
                        false,
                        Optional.of("the relative error exceeds " + tolerance.get() + " in " + worst.size() + " of "
                                + comparison.tensors().size() + " tensors; the worst: " + String.join(", ", named)));
            }
            if (!comparison.onlyInFirst().isEmpty()
                    || !comparison.onlyInSecond().isEmpty()) {
                return new Verdict(false, Optional.of("the files do not hold the same tensors"));
            }
            return new Verdict(true, Optional.empty());
        }
    }
}
