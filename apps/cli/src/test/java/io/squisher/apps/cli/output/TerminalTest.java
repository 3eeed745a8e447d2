package io.squisher.apps.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import me.tongfei.progressbar.ProgressBarStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource({"'',80", "100,100", "0,80", "-5,80", "wide,80", "12,40", "999,160", "99999999999,80", "1e2,80"})
    void columnsAreAUsableNumberOrTheUsualOnes(String said, int columns) {
        assertEquals(columns, Terminal.columns(said));
    }

    @Test
    void noColourWhereNoneIsWanted() {
        assertEquals(ProgressBarStyle.UNICODE_BLOCK, Terminal.barStyle("1"));
        assertEquals(ProgressBarStyle.COLORFUL_UNICODE_BLOCK, Terminal.barStyle(""));
        assertEquals(ProgressBarStyle.COLORFUL_UNICODE_BLOCK, Terminal.barStyle(null));
    }
}
