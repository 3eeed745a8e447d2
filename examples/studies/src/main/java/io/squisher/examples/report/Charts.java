package io.squisher.examples.report;

import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** What all charts share: fonts, colours that colour-blind readers can tell apart (Okabe and Ito 2008), encoding. */
final class Charts {
    public static final Color BLUE = new Color(0, 114, 178);
    public static final Color ORANGE = new Color(230, 159, 0);
    public static final Color GREEN = new Color(0, 158, 115);
    public static final Color PURPLE = new Color(204, 121, 167);
    public static final Color GREY = new Color(140, 140, 140);
    private static final int WORDS = 15;

    private Charts() {}

    static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartTitleFont(font(Font.BOLD, WORDS + 2))
                .setLegendFont(font(Font.PLAIN, WORDS))
                .setLegendBorderColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideE);
        styler.setAxisTitleFont(font(Font.PLAIN, WORDS));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, WORDS - 1));
        styler.setPlotGridLinesColor(new Color(225, 225, 225));
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
