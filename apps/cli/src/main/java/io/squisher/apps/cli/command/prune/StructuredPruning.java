package io.squisher.apps.cli.command.prune;

import io.squisher.apps.cli.model.MaskBeside;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Progress;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.prune.GraphlessUnits;
import io.squisher.apps.prune.StructuredOptions;
import io.squisher.apps.prune.StructuredOptions.Elsewhere;
import io.squisher.apps.prune.StructuredPlan;
import io.squisher.apps.prune.StructuredPrune;
import io.squisher.apps.prune.UnitScoring;
import io.squisher.apps.taskembedding.Grouping.FilterAxis;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scoring;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.structure.UnitStructure;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher prune --structured}: whole filters, neurons or heads. */
final class StructuredPruning {
    private final OpenModels open;
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
    StructuredPruning(OpenModels open, CommandLine line, Values values, StructuredOptions options) {
        this.open = open;
        this.model = open.models().get(0).weights();
        this.structure = isOnnx(model) ? Optional.of(UnitStructure.of(OnnxFile.read(model.path()))) : Optional.empty();
        boolean last = values.choice("filter-axis", FilterAxis.class).orElse(FilterAxis.FIRST) == FilterAxis.LAST;
        if (structure.isPresent() && line.hasOption("filter-axis")) {
            throw values.wrong("--filter-axis is for files without a graph; an ONNX model's says where filters are");
        }
        this.groups = structure.map(UnitStructure::groups).orElseGet(() -> GraphlessUnits.of(model, last));
        this.keepShapes = line.hasOption("keep-shapes") || structure.isEmpty();
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

    private static boolean isOnnx(WeightSource model) {
        return model.format() instanceof io.squisher.format.onnx.OnnxFormat;
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
    static void refuseAlone(CommandLine line, Values values) {
        for (String option : List.of("elsewhere", "keep-shapes", "filter-axis")) {
            if (line.hasOption(option)) {
                throw values.wrong("--" + option + " goes with --structured");
            }
        }
    }

    void run(Scoring statistic, Optional<Output> output, Optional<Output> maskOut, long seed, Console console) {
        UnitScoring scoring =
                statistic instanceof RandomScoring ? UnitScoring.random(seed) : UnitScoring.sum(model, statistic);
        StructuredPlan plan = StructuredPrune.plan(model, groups, statistic, scoring, options);
        console.warnAll(plan.warnings());
        long before = parameters(Map.of());
        long after = before;
        Optional<Output> maskFile = maskOut.filter(path -> output.isPresent());
        try (MaskBeside mask = MaskBeside.prepare(maskFile, plan.masks(), plan.metadata())) {
            if (keepShapes) {
                output.ifPresent(target -> open.writeLikeFirst(target, plan.tensors(), plan.metadata(), console));
            } else {
                UnitStructure.Smaller smaller = structure.orElseThrow().without(plan.removable(), elsewhere(plan));
                Map<String, Tensor> tensors = new LinkedHashMap<>(smaller.tensors());
                maskedOnly(plan).forEach(tensors::putIfAbsent);
                after = parameters(tensors);
                output.ifPresent(target -> write(target, smaller.file(), tensors, plan.metadata(), console));
            }
            mask.commit(console);
        }
        report(plan, output, new long[] {before, after}, console);
    }

    /** The parameters of groups that are masked because they cannot be taken out. */
    private static Map<String, Tensor> maskedOnly(StructuredPlan plan) {
        Map<String, Tensor> masked = new LinkedHashMap<>();
        plan.kept().keySet().stream()
                .filter(group -> !group.isRemovable())
                .flatMap(group -> group.own().stream())
                .map(slice -> slice.parameter())
                .filter(plan.tensors()::containsKey)
                .forEach(name -> masked.put(name, plan.tensors().get(name)));
        return masked;
    }

    private java.util.function.Function<String, Tensor> elsewhere(StructuredPlan plan) {
        Map<String, Tensor> masked = maskedOnly(plan);
        return name -> masked.containsKey(name) ? masked.get(name) : model.tensor(name);
    }

    private long parameters(Map<String, Tensor> replaced) {
        return model.names().stream()
                .filter(name -> model.role(name) == Role.PARAMETER)
                .mapToLong(name -> (replaced.containsKey(name) ? replaced.get(name) : model.tensor(name)).size())
                .sum();
    }

    private void write(
            Output target, OnnxFile file, Map<String, Tensor> tensors, Map<String, String> metadata, Console console) {
        try (Progress progress = Progress.over("writing " + target.path().getFileName(), tensors, console)) {
            OnnxWriter.write(target.path(), file, progress.tensors(), metadata);
        }
    }

    private void report(StructuredPlan plan, Optional<Output> output, long[] parameters, Console console) {
        JsonObject document = new JsonObject();
        String kind = Values.spellConstant(options.kind());
        console.print(output.map(written -> written.wrote() + ": ").orElse("dry run: ") + plan.pruned() + " of "
                + plan.total() + " " + kind + " are " + (keepShapes ? "set to 0" : "gone") + ", " + parameters[0]
                + " parameters became " + parameters[1]
                + output.map(written -> ", " + bytes(model.path()) + " bytes " + bytes(written.path()))
                        .orElse(""));
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
        table.lines().forEach(console::print);
        List<String> left = new ArrayList<>();
        plan.left().forEach((group, reason) -> left.add("'" + group.name() + "': " + reason));
        left.forEach(line -> console.note("left whole: " + line));
        plan.metadata()
                .values()
                .forEach(value -> document.add("prune", io.squisher.internal.gson.JsonParser.parseString(value)));
        output.ifPresent(path -> document.addProperty("output", path.toString()));
        document.addProperty("units", plan.total());
        document.addProperty("pruned", plan.pruned());
        document.addProperty("parameters_before", parameters[0]);
        document.addProperty("parameters_after", parameters[1]);
        document.add("groups", all);
        document.add("left", Json.texts(left));
        document.add("warnings", Json.texts(plan.warnings()));
        console.printJson(document);
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw io.squisher.files.FormatException.unreadable(file, e);
        }
    }
}
