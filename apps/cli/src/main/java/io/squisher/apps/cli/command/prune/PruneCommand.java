package io.squisher.apps.cli.command.prune;

import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.MaskBeside;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.MagnitudeScoring;
import io.squisher.apps.prune.Prune;
import io.squisher.apps.prune.PruneOptions;
import io.squisher.apps.prune.PrunePlan;
import io.squisher.apps.prune.PruneSchedule;
import io.squisher.apps.prune.StructuredOptions;
import io.squisher.apps.prune.StructuredOptions.Elsewhere;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.units.UnitGroup;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher prune}: sets the parameters that matter least to 0. */
public final class PruneCommand implements WritingCommand {
    @Override
    public String name() {
        return "prune";
    }

    @Override
    public String summary() {
        return "Prune what matters least, by Fisher, magnitude or at random: parameters, filters, neurons, heads";
    }

    @Override
    public String arguments() {
        return "MODEL --fisher F --sparsity S -o OUT";
    }

    @Override
    public Options options() {
        return StructuredPruning.declare(new Options()
                .addOption(Flags.value("fisher", "FILE", Domain.PATH, "the model's Fisher or Squisher"))
                .addOption(Flags.value(
                        "sparsity",
                        "S",
                        Domain.SHARE_OR_NONE,
                        "share of parameters that are 0 afterwards (structured: of units that go), from 0 to below 1"))
                .addOption(Flags.value(
                        "scope",
                        "SCOPE",
                        Domain.oneOf(Scope.class),
                        "where the share is counted: global (default) or layer"))
                .addOption(Flags.value(
                        "method",
                        "M",
                        Domain.oneOf(Method.class),
                        "fisher (F theta^2 / 2, default), magnitude or random"))
                .addOption(Flags.seed("of the random method"))
                .addOption(Flags.value(
                        "rounds",
                        "N",
                        Domain.countUpTo(Integer.MAX_VALUE),
                        "prune in N rounds with training between them, by a cubic schedule"))
                .addOption(Flags.value(
                        "round", "I", Domain.countUpTo(Integer.MAX_VALUE), "which of the rounds this is, from 1"))
                .addOption(Flags.exclude("parameters that are neither pruned nor counted"))
                .addOption(Flags.outputBeside("mask-out", OutputKind.MASK, "also write the mask of what stays"))
                .addOption(PageOption.declare())
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the pruned model, in the format of MODEL")));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "remove three quarters",
                        "prune model.onnx --fisher fisher.safetensors --sparsity 0.75 -o pruned.onnx"),
                new Example(
                        "the baseline, leaving the head alone",
                        "prune model.onnx --method magnitude --sparsity 0.75 --exclude head -o magnitude.onnx"),
                new Example(
                        "half of the filters, out of the network",
                        "prune model.onnx --fisher fisher.safetensors --structured filters --sparsity 0.5 -o smaller.onnx"),
                new Example(
                        "the second of three rounds towards 90 %",
                        "prune model.onnx --fisher fisher.safetensors --sparsity 0.9 --rounds 3 --round 2 -o round2.onnx"));
    }

    private enum Method {
        FISHER,
        MAGNITUDE,
        RANDOM
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path model = values.arguments("MODEL").get(0);
        Method method = values.choice("method", Method.class).orElse(Method.FISHER);
        Optional<Path> fisher = values.path("fisher");
        if (method == Method.FISHER && fisher.isEmpty()) {
            throw values.wrong("--method fisher needs --fisher");
        }
        PruneOptions options = values.valid(() -> pruneOptions(values));
        Optional<UnitGroup.Kind> kind = values.choice("structured", UnitGroup.Kind.class);
        if (kind.isEmpty()) {
            StructuredPruning.refuseAlone(values);
        }
        ModelOptions files = new ModelOptions(model, method == Method.FISHER ? fisher : Optional.empty(), 1);
        NameMatching matching = NameMatching.of(values, job.console());
        try (OpenModels open = OpenModels.open(List.of(files), values.place(), matching)) {
            Scoring scoring = scoring(method, open.models().get(0), seed(values));
            return kind.isPresent()
                    ? new StructuredPruning(open, job, structured(options, kind.get(), values))
                            .finish(scoring, seed(values))
                    : finish(job, open, Prune.plan(open.models().get(0).weights(), scoring, options));
        }
    }

    private static ExitCode finish(Job job, OpenModels open, PrunePlan plan) {
        Report report = Report.of(plan.summary())
                .metadata(plan.metadata())
                .field("parameters", plan.total())
                .field("pruned", plan.total() - plan.kept())
                .warnings(plan.warnings());
        return job.finish(report, output -> {
            try (MaskBeside mask = MaskBeside.prepare(job.beside("mask-out"), plan.masks(), plan.metadata())) {
                open.writeLikeFirst(output, plan.tensors(), plan.metadata(), job.console());
                mask.commit(job.console());
            }
            PageOption.write(job.values(), () -> PrunePage.of(open.models().get(0), plan, report), job.console());
        });
    }

    private static PruneOptions pruneOptions(Values values) {
        double sparsity = values.number("sparsity").orElseThrow(() -> values.wrong("missing --sparsity"));
        Optional<Long> rounds = values.wholeNumber("rounds");
        Optional<Long> round = values.wholeNumber("round");
        if (rounds.isPresent() != round.isPresent()) {
            throw values.wrong("--rounds and --round go together");
        }
        double now = rounds.isPresent()
                ? PruneSchedule.cubic(sparsity, Math.toIntExact(round.get()), Math.toIntExact(rounds.get()))
                : sparsity;
        return new PruneOptions(
                now,
                values.choice("scope", Scope.class).orElse(Scope.GLOBAL),
                values.regex("exclude"),
                values.has("allow-other-model"));
    }

    private static long seed(Values values) {
        return values.wholeNumber("seed").orElse(0L);
    }

    private static StructuredOptions structured(PruneOptions options, UnitGroup.Kind kind, Values values) {
        return new StructuredOptions(
                options.sparsity(),
                kind,
                options.scope(),
                values.choice("elsewhere", Elsewhere.class).orElse(Elsewhere.LEAVE),
                options.exclude(),
                options.allowOtherModel());
    }

    private static Scoring scoring(Method method, OpenModels.Model model, long seed) {
        WeightSource weights = model.weights();
        return switch (method) {
            case FISHER -> {
                NamedFisher fisher = model.fisher().orElseThrow();
                yield new LossRiseScoring(weights, fisher);
            }
            case MAGNITUDE -> new MagnitudeScoring(weights);
            case RANDOM -> RandomScoring.ofWeights(weights, seed);
        };
    }
}
