package io.squisher.apps.cli.command.ewc;

import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.page.CommandPage;
import io.squisher.apps.cli.page.DiagonalSections;
import io.squisher.apps.ewc.PenaltyEffect;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.report.Column;
import io.squisher.report.Page;
import io.squisher.report.Table;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page of {@code ewc}: what the penalty costs at known weights, and where it holds the network. */
record EwcPage(PenaltyEffect effect, WeightSource first) {
    Page page(Report report, Path written) {
        Table penalties = Table.of(
                "penalties",
                "The penalty at known weights",
                Column.text("weights", "weights"),
                Column.number("penalty", "penalty"));
        effect.values().forEach((file, value) -> penalties.row(file, value));
        try (FisherFile penalty = FisherFile.open(written)) {
            DiagonalSections held = DiagonalSections.of(
                    new NamedFisher(written.toString(), penalty.diagonal()),
                    FisherScale.NONE,
                    Optional.of(first),
                    Map.of());
            return new CommandPage("ewc", report)
                    .page("Penalty of " + written.getFileName(), List.of(penalties), held.sections());
        }
    }
}
