package io.squisher.apps.cli.command.compare;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.compare.Comparison;
import io.squisher.apps.compare.SamplingDifference;
import io.squisher.apps.compare.Verdict;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.Rescaling;
import io.squisher.internal.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher compare}: the agreement of two diagonals (or two models), overall and per tensor. */
public final class CompareCommand implements Command {
    private static final double DEFAULT_TOP = 0.1;

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
                .addOption(Flags.scale())
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
                .addOption(NameMatching.option())
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
        NameMatching matching = NameMatching.of(values, console);
        try (ComparedFile a = ComparedFile.open(files.get(0));
                ComparedFile b = ComparedFile.open(files.get(1)).matched(a, matching)) {
            matching.requireUsed();
            if (tolerance.isEmpty()) {
                a.refuseZero();
                b.refuseZero();
            }
            Units units = Units.of(a, b, values.scale());
            units.warnings().forEach(console::warn);
            Comparison comparison =
                    Comparison.of(a.tensorsBeside(b, units.ofA()), b.tensorsBeside(a, units.ofB()), top);
            warnOfMissing(comparison, files, console);
            ComparisonTable figures = new ComparisonTable(
                    comparison,
                    top,
                    tolerance.isPresent(),
                    units.squisherFirst(),
                    SamplingDifference.of(comparison, a.samplingError(), b.samplingError()));
            figures.print(console);
            figures.samplingLine().ifPresent(console::print);
            units.lines().forEach(console::print);
            Verdict verdict =
                    tolerance.map(most -> Verdict.of(comparison, most)).orElse(Verdict.PASSED);
            JsonObject document = figures.json();
            document.addProperty("a", files.get(0).toString());
            document.addProperty("b", files.get(1).toString());
            document.addProperty("ratio", figures.ratio());
            document.add("units", Json.texts(units.lines()));
            document.addProperty("passed", verdict.passed());
            console.printJson(document);
            verdict.sentence().ifPresent(console::complain);
            return verdict.passed() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static void warnOfMissing(Comparison comparison, List<Path> files, Console console) {
        if (!comparison.onlyInFirst().isEmpty()) {
            console.warn("only in '" + files.get(0) + "': " + FisherCheck.list(comparison.onlyInFirst()));
        }
        if (!comparison.onlyInSecond().isEmpty()) {
            console.warn("only in '" + files.get(1) + "': " + FisherCheck.list(comparison.onlyInSecond()));
        }
    }

    /**
     * How the two files are made comparable.
     *
     * @param lines what the numbers are, for people
     * @param warnings complete lines
     * @param squisherFirst whether A is an accumulator and B a computed Fisher
     */
    private record Units(
            Rescaling ofA, Rescaling ofB, List<String> lines, List<String> warnings, boolean squisherFirst) {
        /**
         * The scale that the other commands take; where a file does not say what it holds, and so has no scale, both are
         * taken as stored unless a scale was asked for.
         */
        static Units of(ComparedFile a, ComparedFile b, Optional<FisherScale> asked) {
            boolean unknown = !a.saysItsKind() || !b.saysItsKind();
            FisherScale scale = asked.orElse(FisherScale.BATCH_IF_KNOWN);
            boolean stored = unknown && asked.isEmpty();
            Rescaling ofA = stored ? Rescaling.IDENTITY : a.rescaling(scale);
            Rescaling ofB = stored ? Rescaling.IDENTITY : b.rescaling(scale);
            List<String> lines = new ArrayList<>(List.of("A " + a.words(ofA), "B " + b.words(ofB)));
            boolean mixed = a.isAccumulator() || b.isAccumulator();
            if (stored && mixed) {
                lines.add("One file does not say what it holds, so the accumulator is not scaled; --scale does so");
            }
            List<String> warnings = new ArrayList<>(ofA.warnings());
            warnings.addAll(ofB.warnings());
            return new Units(ofA, ofB, lines, warnings, a.isAccumulator() && b.saysItsKind() && !b.isAccumulator());
        }
    }
}
