package io.squisher.apps.cli.command.prune;

import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.page.CommandPage;
import io.squisher.apps.cli.page.DiagonalSections;
import io.squisher.apps.cli.page.MaskBlocks;
import io.squisher.apps.cli.page.PageDiagonal;
import io.squisher.apps.prune.PrunePlan;
import io.squisher.apps.prune.StructuredPlan;
import io.squisher.fisher.FisherScale;
import io.squisher.report.Block;
import io.squisher.report.Column;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pages of {@code prune}: what goes of each layer, and where the sensitivity sits. */
final class PrunePage {
    private PrunePage() {}

    /** Of single parameters. */
    static Page of(OpenModels.Model model, PrunePlan plan, Report report) {
        return new CommandPage("prune", report)
                .page(
                        title(model),
                        MaskBlocks.of(plan.masks(), method(model), false),
                        sensitivity(model, plan.masks()));
    }

    /** Of units. */
    static Page of(OpenModels.Model model, StructuredPlan plan, Report report) {
        Map<String, List<Double>> shares = new LinkedHashMap<>();
        Table table = Table.of(
                "units_left",
                "Groups of units",
                Column.text("group", "group"),
                Column.text("kind", "kind"),
                Column.count("units", "units"),
                Column.count("pruned", "pruned"),
                Column.share("share_pruned", "share pruned"));
        plan.kept().forEach((group, kept) -> {
            double share = 1 - (double) kept.cardinality() / group.count();
            shares.put(group.name(), List.of(share));
            table.row(
                    group.name(),
                    group.kind().name().toLowerCase(java.util.Locale.ROOT),
                    group.count(),
                    group.count() - kept.cardinality(),
                    share);
        });
        Figure bars = Figures.bars(
                new Caption("pruned", "Share of the units that is pruned", "The share that is pruned of each group"),
                true,
                List.of(method(model)),
                shares);
        bars.data().addProperty("wide", true);
        List<Block> done = List.of(bars, table);
        return new CommandPage("prune", report).page(title(model), done, sensitivity(model, Map.of()));
    }

    private static String title(OpenModels.Model model) {
        return "Pruning of " + model.weights().path().getFileName();
    }

    private static String method(OpenModels.Model model) {
        return model.fisher()
                .map(fisher -> PageDiagonal.method(fisher.diagonal()))
                .orElse("without a Fisher");
    }

    private static List<Section> sensitivity(OpenModels.Model model, Map<String, io.squisher.tensor.Tensor> masks) {
        return model.fisher()
                .map(fisher -> DiagonalSections.of(
                                fisher, FisherScale.BATCH_IF_KNOWN, Optional.of(model.weights()), masks)
                        .sections())
                .orElse(List.of());
    }
}
