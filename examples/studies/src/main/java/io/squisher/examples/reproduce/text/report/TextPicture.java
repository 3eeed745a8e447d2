package io.squisher.examples.reproduce.text.report;

import io.squisher.examples.report.PanelChart;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings' first compared quantities side by side. */
final class TextPicture {
    private TextPicture() {}

    static byte[] draw(List<TextSummary> summaries) {
        List<PanelChart> charts = new ArrayList<>();
        for (TextSummary summary : summaries) {
            summary.parts().stream().findFirst().ifPresent(part -> charts.add(chart(summary, part)));
        }
        return PanelChart.draw(charts, Math.min(2, charts.size()));
    }

    private static PanelChart chart(TextSummary summary, TextPart part) {
        Map<String, Map<Double, Sample>> lines = new LinkedHashMap<>();
        for (String method : summary.methods(part)) {
            lines.put(method, line(summary, part, method));
        }
        return new PanelChart(summary.setting().title(), part.metric(), part.axis(), lines);
    }

    /** A method's numbers by place. */
    static Map<Double, Sample> line(TextSummary summary, TextPart part, String method) {
        Map<Double, Sample> line = new LinkedHashMap<>();
        summary.places(part, method).forEach(x -> line.put(x, summary.at(part, method, x)));
        return line;
    }
}
