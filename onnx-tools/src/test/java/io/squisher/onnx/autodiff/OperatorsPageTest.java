package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OperatorsPageTest {
    /** Runs all cases and writes the page when asked to, by {@code -Dsquisher.record=true}. */
    @BeforeAll
    static void record() throws IOException {
        if (Boolean.getBoolean("squisher.record")) {
            OperatorsPage.record();
        }
    }

    @Test
    void thePageIsWhatTheTablesAndTheRecordedCasesSay() throws IOException {
        assertEquals(
                OperatorsPage.text(RecordedCase.all().values()),
                Files.readString(OperatorsPage.FILE),
                "run this test with -Dsquisher.record=true to write the page anew");
    }

    @Test
    void everyCaseOfOursIsRecorded() {
        List<String> recorded = RecordedCase.all().values().stream()
                .filter(line -> !line.official())
                .map(RecordedCase::name)
                .toList();

        assertEquals(
                RuntimeCases.all()
                        .map(test -> "own/" + test)
                        .distinct()
                        .sorted()
                        .toList(),
                recorded);
    }

    @Test
    void everyRuleIsReachedByACaseThatPasses() {
        List<String> reached = RecordedCase.all().values().stream()
                .filter(line -> line.status() == CheckedCase.Status.PASSED)
                .flatMap(line -> line.operators().stream())
                .toList();

        assertEquals(
                List.of(),
                OperatorState.standardOperators().stream()
                        .filter(operator -> OperatorState.of(operator).equals(Optional.of(OperatorState.RULE)))
                        .filter(operator -> !reached.contains(operator))
                        .toList());
    }

    @Test
    void everyKnownLimitIsMet() {
        List<String> reasons =
                RecordedCase.all().values().stream().map(RecordedCase::reason).toList();

        assertEquals(
                List.of(),
                KnownLimits.reasons().stream()
                        .filter(reason -> !reasons.contains(reason))
                        .toList());
    }
}
