package io.squisher.examples.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.examples.statistics.Sample;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PanelChartTest {
    private static final Color DATA_LOSS = new Color(213, 94, 0);

    @Test
    void aMethodHasOneColourInAllChartsWhereverItStands() throws IOException {
        BufferedImage image = draw(List.of(
                chart("random", "magnitude", "Squisher of the data loss"),
                chart("Squisher of the data loss", "random")));
        int half = image.getWidth() / 2;
        assertTrue(pixels(image, DATA_LOSS, 0, half) > 0);
        assertTrue(pixels(image, DATA_LOSS, half, image.getWidth()) > 0);
        assertTrue(pixels(image, Charts.GREY, 0, half) > 0);
        assertTrue(pixels(image, Charts.GREY, half, image.getWidth()) > 0);
    }

    @Test
    void oneChartFillsThePicture() throws IOException {
        BufferedImage one = draw(List.of(chart("Fisher")));
        BufferedImage two = draw(List.of(chart("Fisher"), chart("Fisher")));
        assertEquals(2 * one.getWidth(), two.getWidth());
        assertEquals(one.getHeight(), two.getHeight());
    }

    private static PanelChart chart(String... methods) {
        Map<String, Map<Double, Sample>> lines = new LinkedHashMap<>();
        for (String method : methods) {
            lines.put(method, Map.of(1.0, new Sample(1 + lines.size(), 2 + lines.size())));
        }
        return new PanelChart("title", "unit", "", lines);
    }

    private static BufferedImage draw(List<PanelChart> charts) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(PanelChart.draw(charts, Math.min(2, charts.size()))));
    }

    private static int pixels(BufferedImage image, Color colour, int from, int to) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = from; x < to; x++) {
                count += image.getRGB(x, y) == colour.getRGB() ? 1 : 0;
            }
        }
        return count;
    }
}
