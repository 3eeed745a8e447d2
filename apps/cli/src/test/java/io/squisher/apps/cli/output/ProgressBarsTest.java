package io.squisher.apps.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import me.tongfei.progressbar.ProgressBarStyle;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {
    @Test
    void noColourWhereNoneIsWanted() {
        assertEquals(ProgressBarStyle.UNICODE_BLOCK, ProgressBars.barStyle("1"));
        assertEquals(ProgressBarStyle.COLORFUL_UNICODE_BLOCK, ProgressBars.barStyle(""));
        assertEquals(ProgressBarStyle.COLORFUL_UNICODE_BLOCK, ProgressBars.barStyle(null));
    }
}
