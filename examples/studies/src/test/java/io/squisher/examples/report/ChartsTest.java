package io.squisher.examples.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.examples.statistics.Sample;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ChartsTest {
    @Test
    void drawsTallerBarsForLargerNumbers() throws IOException {
        int low = coloured(BarChart.draw("t", "u", Map.of("a", new Sample(10, 12), "b", new Sample(90, 92))));
        int high = coloured(BarChart.draw("t", "u", Map.of("a", new Sample(80, 82), "b", new Sample(90, 92))));
        assertTrue(high > 1.3 * low, low + " pixels of bars, then " + high);
    }

    @Test
    void drawsPositivePairsOnly() throws IOException {
        byte[] one = new LogScatter("x", "y")
                .add("a", new double[] {1e-3, 0}, new double[] {1e-2, 1})
                .draw("t");
        byte[] many = new LogScatter("x", "y")
                .add("a", new double[] {1e-3, 1e-5}, new double[] {1e-2, 1e-4})
                .draw("t");
        assertTrue(coloured(one) > 0);
        assertEquals(2.0, (double) coloured(many) / coloured(one), 0.8);
    }

    /** Pixels of the first series' colour. */
    private static int coloured(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += image.getRGB(x, y) == Charts.BLUE.getRGB() ? 1 : 0;
            }
        }
        return count;
    }
}
