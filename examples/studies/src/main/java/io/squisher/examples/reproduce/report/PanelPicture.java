package io.squisher.examples.reproduce.report;

import io.squisher.examples.report.PanelChart;
import io.squisher.examples.reproduce.experiment.AblationSettings;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings' first quantities side by side, as in the paper's main figure. */
public final class PanelPicture {
    private PanelPicture() {}

    public static byte[] draw(List<Summary> summaries) {
        List<PanelChart> charts = new ArrayList<>();
        for (Summary summary : summaries) {
            Part part = summary.setting().parts().get(0);
            Map<String, Map<Double, Sample>> lines = new LinkedHashMap<>();
            for (String method : summary.methods(part)) {
                lines.put(method, line(summary, part, method));
            }
            String panel = summary.setting().panel().title();
            String title = part.name().startsWith(panel) ? part.name() : panel + ": " + part.name();
            charts.add(new PanelChart(title, part.metric(), axis(part), lines));
        }
        return PanelChart.draw(charts, Math.min(2, charts.size()));
    }

    /** A method's numbers by their place in a picture. */
    static Map<Double, Sample> line(Summary summary, Part part, String method) {
        Map<Double, Sample> line = new LinkedHashMap<>();
        summary.axis(part, method).forEach(x -> line.put(place(part, x), summary.at(part, method, x)));
        return line;
    }

    /** Decays lie too close to be told from one another; what they differ in is how far back they average. */
    private static double place(Part part, double x) {
        return part.axis().equals(AblationSettings.BETA2) ? Math.rint(1 / (1 - x)) : x;
    }

    static String axis(Part part) {
        return part.axis().equals(AblationSettings.BETA2) ? "1 / (1 - beta2), steps" : part.axis();
    }
}
