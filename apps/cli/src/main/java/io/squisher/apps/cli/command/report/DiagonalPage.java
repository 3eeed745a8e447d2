package io.squisher.apps.cli.command.report;

import io.squisher.SquisherException;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Progress;
import io.squisher.apps.cli.page.AgreementBlocks;
import io.squisher.apps.cli.page.ModelGraph;
import io.squisher.apps.cli.page.PageDiagonal;
import io.squisher.apps.compare.Comparison;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.report.Block;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Text;
import io.squisher.report.sensitivity.PassInputs;
import io.squisher.report.sensitivity.SensitivityPass;
import io.squisher.report.sensitivity.SensitivitySections;
import io.squisher.report.sensitivity.ShownDiagonal;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the page of {@code report}: one pass over each diagonal, and one more over each pair that is compared. */
final class DiagonalPage {
    private final ReportRequest request;
    private final ReportInputs inputs;
    private final List<PageDiagonal> diagonals;
    private final List<String> warnings = new ArrayList<>();

    DiagonalPage(ReportRequest request, ReportInputs inputs) {
        this.request = request;
        this.inputs = inputs;
        List<NamedFisher> all = new ArrayList<>(inputs.fishers());
        inputs.against().ifPresent(all::add);
        this.diagonals = PageDiagonal.of(all, request.scale());
    }

    Page page(Console console) {
        diagonals.forEach(diagonal -> warnings.addAll(diagonal.warnings()));
        List<AgreementBlocks> agreements = agreements();
        ModelGraph graph = inputs.model()
                .map(file -> ModelGraph.of(file, diagonals.get(0).entries().keySet()))
                .orElse(ModelGraph.UNKNOWN);
        SensitivitySections sensitivity = new SensitivitySections(shown(graph, console), graph.roles(), graph.nodes());
        List<Section> sections = new ArrayList<>(sensitivity.sections());
        if (!agreements.isEmpty()) {
            sections.add(Math.min(1, sections.size()), agreement(agreements, sensitivity));
        }
        sections.add(new Section("provenance", "Where the numbers come from", new Text.Facts(provenance())));
        String lead = sensitivity.lead();
        if (!agreements.isEmpty()) {
            lead += " " + agreements.get(0).sentence();
        }
        return new Page("report", title(), lead, sensitivity.headline(), warnings, sections);
    }

    private String title() {
        NamedFisher first = diagonals.get(0).fisher();
        return "Sensitivity of "
                + request.model()
                        .or(request::weights)
                        .map(path -> path.getFileName().toString())
                        .orElse(first.fileName());
    }

    private List<ShownDiagonal> shown(ModelGraph graph, Console console) {
        List<ShownDiagonal> shown = new ArrayList<>();
        for (int i = 0; i < diagonals.size(); i++) {
            PageDiagonal diagonal = diagonals.get(i);
            Map<String, Tensor> entries = diagonal.entries();
            try (Progress progress =
                    Progress.over("reading " + diagonal.fisher().fileName(), entries, console)) {
                PassInputs pass = i == 0
                        ? new PassInputs(
                                progress.tensors(),
                                inputs.weights(),
                                known(inputs.masks(), entries, "the mask"),
                                second().map(PageDiagonal::entries).orElse(Map.of()),
                                graph.units())
                        : PassInputs.of(progress.tensors());
                shown.add(new ShownDiagonal(diagonal.name(), SensitivityPass.over(pass)));
            }
        }
        return shown;
    }

    private Map<String, Tensor> known(Map<String, Tensor> tensors, Map<String, Tensor> entries, String what) {
        Map<String, Tensor> known = new LinkedHashMap<>(tensors);
        known.keySet().retainAll(entries.keySet());
        if (!tensors.isEmpty() && known.isEmpty()) {
            throw new SquisherException("cannot make a page: " + what + " has no parameter of '"
                    + diagonals.get(0).fisher().label() + "'; give the mask of this model");
        }
        return known;
    }

    /** What the first is read beside: the reference, or the second of several. */
    private Optional<PageDiagonal> second() {
        return diagonals.size() < 2
                ? Optional.empty()
                : Optional.of(diagonals.get(inputs.against().isPresent() ? diagonals.size() - 1 : 1));
    }

    /** Each diagonal with the reference; the first is the reference where none is named. */
    private List<AgreementBlocks> agreements() {
        List<AgreementBlocks> agreements = new ArrayList<>();
        boolean named = inputs.against().isPresent();
        PageDiagonal reference = diagonals.get(named ? diagonals.size() - 1 : 0);
        for (PageDiagonal diagonal : diagonals) {
            if (diagonal != reference) {
                Comparison comparison = Comparison.of(reference.entries(), diagonal.entries(), request.top());
                missing(comparison.onlyInFirst(), reference);
                missing(comparison.onlyInSecond(), diagonal);
                agreements.add(new AgreementBlocks(reference.name(), diagonal.name(), comparison, request.top()));
            }
        }
        return agreements;
    }

    private void missing(List<String> names, PageDiagonal where) {
        if (!names.isEmpty()) {
            warnings.add("only in '" + where.fisher().label() + "': " + FisherCheck.list(names));
        }
    }

    private Section agreement(List<AgreementBlocks> agreements, SensitivitySections sensitivity) {
        List<Block> blocks = new ArrayList<>();
        sensitivity
                .pairs(diagonals.get(0).name(), second().orElseThrow().name())
                .ifPresent(blocks::add);
        for (int i = 0; i < agreements.size(); i++) {
            blocks.addAll(agreements.get(i).blocks(i == 0 ? "" : "-" + (i + 1)));
        }
        return new Section("agreement", "Agreement", blocks);
    }

    private Map<String, String> provenance() {
        Map<String, String> facts = new LinkedHashMap<>();
        diagonals.forEach(diagonal -> facts.putAll(diagonal.provenance()));
        request.model().ifPresent(path -> facts.put("model", path.toString()));
        request.weights().ifPresent(path -> facts.put("weights", path.toString()));
        request.mask().ifPresent(path -> facts.put("mask", path.toString()));
        return facts;
    }
}
