package io.squisher.apps.cli.page;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxFormat;
import io.squisher.report.Section;
import io.squisher.report.Text;
import io.squisher.report.sensitivity.PassInputs;
import io.squisher.report.sensitivity.SensitivityPass;
import io.squisher.report.sensitivity.SensitivitySections;
import io.squisher.report.sensitivity.ShownDiagonal;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a page shows of the one diagonal that a command made or used. */
public record DiagonalSections(PageDiagonal diagonal, SensitivitySections sensitivity) {
    /**
     * Reads the diagonal once.
     *
     * @param weights the model that it belongs to, if it is known: its graph too, where it has one
     * @param masks what a mask keeps of it; none where there is no mask
     */
    public static DiagonalSections of(
            NamedFisher fisher, FisherScale scale, Optional<WeightSource> weights, Map<String, Tensor> masks) {
        PageDiagonal diagonal = PageDiagonal.of(List.of(fisher), scale).get(0);
        Map<String, Tensor> entries = diagonal.entries();
        ModelGraph graph = weights.filter(source -> source.format() instanceof OnnxFormat)
                .map(source -> ModelGraph.of(OnnxFile.read(source.path()), entries.keySet()))
                .orElse(ModelGraph.UNKNOWN);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        weights.ifPresent(source -> entries.keySet().stream()
                .filter(source.names()::contains)
                .forEach(name -> parameters.put(name, source.tensor(name))));
        ShownDiagonal shown = new ShownDiagonal(
                diagonal.name(),
                SensitivityPass.over(new PassInputs(entries, parameters, masks, Map.of(), graph.units())));
        return new DiagonalSections(diagonal, new SensitivitySections(List.of(shown), graph.roles(), graph.nodes()));
    }

    /** The sections on where the sensitivity sits, and where the diagonal comes from. */
    public List<Section> sections() {
        List<Section> sections = new ArrayList<>(sensitivity.sections());
        sections.add(new Section("provenance", "Where the numbers come from", new Text.Facts(diagonal.provenance())));
        return sections;
    }
}
