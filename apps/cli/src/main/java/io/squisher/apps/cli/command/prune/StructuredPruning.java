package io.squisher.apps.cli.command.prune;

import io.squisher.Counted;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.model.MaskBeside;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Progress;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.prune.GraphlessUnits;
import io.squisher.apps.prune.StructuredOptions;
import io.squisher.apps.prune.StructuredOptions.Elsewhere;
import io.squisher.apps.prune.StructuredPlan;
import io.squisher.apps.prune.StructuredPrune;
import io.squisher.apps.prune.UnitScoring;
import io.squisher.apps.taskembedding.Grouping.FilterAxis;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scoring;
import io.squisher.files.FormatException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.structure.UnitStructure;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.cli.Options;

/** {@code squisher prune --structured}: whole filters, neurons or heads. */
final class StructuredPruning {
    private final OpenModels open;
    private final Job job;
    private final WeightSource model;
    private final StructuredOptions options;
    private final boolean keepShapes;
    private final Optional<UnitStructure> structure;
    private final List<UnitGroup> groups;

    /**
     * A pruning of the one model that is open.
     *
     * @param sparsity share of the units, and everything else that is not said here
     */
    StructuredPruning(OpenModels open, Job job, StructuredOptions options) {
        this.open = open;
        this.job = job;
        Values values = job.values();
        this.model = open.models().get(0).weights();
        this.structure = model.format().hasGraph()
                ? Optional.of(UnitStructure.of(OnnxFile.read(model.path())))
                : Optional.empty();
        boolean last = values.choice("filter-axis", FilterAxis.class).orElse(FilterAxis.FIRST) == FilterAxis.LAST;
        if (structure.isPresent() && values.has("filter-axis")) {
            throw values.wrong("--filter-axis is for files without a graph; an ONNX model's says where filters are");
        }
        this.groups = structure.map(UnitStructure::groups).orElseGet(() -> GraphlessUnits.of(model, last));
        this.keepShapes = values.has("keep-shapes") || structure.isEmpty();
        // Without a graph nothing can be removed, so that leaving the others alone would do nothing.
        this.options = structure.isPresent()
                ? options
                : new StructuredOptions(
                        options.sparsity(),
                        options.kind(),
                        options.scope(),
                        Elsewhere.MASK,
                        options.exclude(),
                        options.allowOtherModel());
    }

    static Options declare(Options options) {
        return options.addOption(Flags.value(
                        "structured",
                        "KIND",
                        Domain.oneOf(UnitGroup.Kind.class),
                        "prune whole filters, neurons or heads; an ONNX model becomes smaller"))
                .addOption(Flags.value(
                        "elsewhere",
                        "E",
                        Domain.oneOf(Elsewhere.class),
                        "structured: units that cannot be taken out: leave (default) or mask (set to 0)"))
                .addOption(Flags.bare("keep-shapes", "structured: set to 0 what would be taken out"))
                .addOption(Flags.value(
                        "filter-axis",
                        "A",
                        Domain.oneOf(FilterAxis.class),
                        "structured, files without a graph: filters along the first (default) or last axis"));
    }

    /** Options that mean nothing without {@code --structured}. */
    static void refuseAlone(Values values) {
        for (String option : List.of("elsewhere", "keep-shapes", "filter-axis")) {
            if (values.has(option)) {
                throw values.wrong("--" + option + " goes with --structured");
            }
        }
    }

    /** Plans, and writes unless nothing is to be written. */
    ExitCode finish(Scoring statistic, long seed) {
        UnitScoring scoring =
                statistic instanceof RandomScoring ? UnitScoring.random(seed) : UnitScoring.sum(model, statistic);
        StructuredPlan plan = StructuredPrune.plan(model, groups, statistic, scoring, options);
        if (keepShapes) {
            return finish(
                    plan,
                    StructuredPrune.parameters(model, Map.of()),
                    output -> open.writeLikeFirst(output, plan.tensors(), plan.metadata(), job.console()));
        }
        Map<String, Tensor> masked = plan.maskedOnly();
        UnitStructure.Smaller smaller = structure
                .orElseThrow()
                .without(plan.removable(), name -> masked.containsKey(name) ? masked.get(name) : model.tensor(name));
        Map<String, Tensor> tensors = new LinkedHashMap<>(smaller.tensors());
        masked.forEach(tensors::putIfAbsent);
        return finish(
                plan,
                StructuredPrune.parameters(model, tensors),
                output -> write(output, smaller.file(), tensors, plan.metadata()));
    }

    private ExitCode finish(StructuredPlan plan, long parameters, Consumer<Output> writer) {
        Report report = report(plan, parameters);
        return job.finish(report, output -> {
            try (MaskBeside mask = MaskBeside.prepare(job.beside("mask-out"), plan.masks(), plan.metadata())) {
                writer.accept(output);
                mask.commit(job.console());
            }
            PageOption.write(job.values(), () -> PrunePage.of(open.models().get(0), plan, report), job.console());
        });
    }

    private void write(Output target, OnnxFile file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        try (Progress progress = Progress.over("writing " + target.path().getFileName(), tensors, job.console())) {
            OnnxWriter.write(target.path(), file, progress.tensors(), metadata);
        }
    }

    private Report report(StructuredPlan plan, long after) {
        String kind = Values.spellConstant(options.kind());
        long before = StructuredPrune.parameters(model, Map.of());
        TextTable table = new TextTable(kind + " of", "stay", "of", "how");
        JsonArray all = new JsonArray();
        plan.kept().forEach((group, units) -> {
            String how = group.isRemovable() && !keepShapes ? "removed" : "masked";
            table.row(group.name(), Integer.toString(units.cardinality()), Integer.toString(group.count()), how);
            JsonObject json = new JsonObject();
            json.addProperty("name", group.name());
            json.addProperty("units", group.count());
            JsonArray kept = new JsonArray();
            units.stream().forEach(kept::add);
            json.add("kept", kept);
            json.addProperty("how", how);
            all.add(json);
        });
        List<String> left = new ArrayList<>();
        plan.left().forEach((group, reason) -> left.add("'" + group.name() + "': " + reason));
        left.forEach(line -> job.console().note("left whole: " + line));
        String headline = plan.pruned() + " of " + plan.total() + " " + kind + " are "
                + (keepShapes ? "set to 0" : "gone") + ", " + Counted.of(before, "parameter") + " became " + after;
        return Report.after(() -> headline + job.output().map(this::sizes).orElse(""))
                .details(table.lines())
                .metadata(plan.metadata())
                .field("units", plan.total())
                .field("pruned", plan.pruned())
                .field("parameters_before", before)
                .field("parameters_after", after)
                .field("groups", all)
                .field("left", Json.texts(left))
                .warnings(plan.warnings());
    }

    private String sizes(Output written) {
        return ", " + bytes(model.path()) + " bytes " + bytes(written.path());
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }
}
