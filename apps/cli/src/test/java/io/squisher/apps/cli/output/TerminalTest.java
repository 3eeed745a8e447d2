package io.squisher.apps.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource({"'',80", "100,100", "0,80", "-5,80", "wide,80", "12,40", "999,160", "99999999999,80", "1e2,80"})
    void columnsAreAUsableNumberOrTheUsualOnes(String said, int columns) {
        assertEquals(columns, Terminal.columns(said));
    }
}
