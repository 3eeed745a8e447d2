package io.squisher.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.output.Console;
import io.squisher.internal.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(boolean json) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                json,
                false);
    }

    private static Baseline ratios(Double... runs) {
        return new Baseline(Map.of("fisher-m1", Map.of("M1/ratio", new Figure("M1/ratio", List.of(runs)))));
    }

    @Test
    void figuresAreTheNumbersThatAllRunsHave() {
        Map<String, Figure> figures = Figure.of(List.of(
                JsonParser.parseString("[{'model': 'M1', 'ratio': 2, 'batch': 8}, {'model': 'M2', 'ratio': 5}]"),
                JsonParser.parseString(
                        "[{'model': 'M1', 'ratio': 4, 'batch': 8, 'once': 1}, {'model': 'M2', 'ratio': 7}]")));
        assertEquals(List.of("M1/ratio", "M1/batch", "M2/ratio"), List.copyOf(figures.keySet()));
        assertEquals(3, figures.get("M1/ratio").median());
        assertEquals(2 / 3.0, figures.get("M1/ratio").noise(), 1e-12);
        assertFalse(figures.get("M1/batch").isJudged());
    }

    @Test
    void whatIsWorseThanTheRunsAreApartIsNamed() {
        ExitCode code =
                BenchmarkCommand.report(ratios(4.0, 4.1, 4.2), Optional.of(ratios(3.0, 3.1, 3.2)), console(false));
        assertEquals(ExitCode.FAILED, code);
        assertTrue(
                err.toString(StandardCharsets.UTF_8)
                        .contains(
                                "1 figure worse than the baseline by more than runs are apart: fisher-m1 M1/ratio (3.10, now 4.10)"));
    }

    @Test
    void whatTheRunsAreApartIsNoLoss() {
        ExitCode noisy =
                BenchmarkCommand.report(ratios(3.0, 4.1, 5.0), Optional.of(ratios(3.0, 3.1, 3.2)), console(false));
        assertEquals(ExitCode.DONE, noisy);
        ExitCode better = BenchmarkCommand.report(ratios(1.0), Optional.of(ratios(3.0)), console(false));
        assertEquals(ExitCode.DONE, better);
    }

    @Test
    void ofASpeedMoreIsBetter() {
        Figure before = new Figure("pytorch/share_of_the_copys_speed", List.of(0.8));
        assertTrue(new Figure(before.name(), List.of(0.6)).isWorseThan(before));
        assertFalse(new Figure(before.name(), List.of(0.9)).isWorseThan(before));
    }

    @Test
    void whatIsPrintedIsABaseline(@TempDir Path folder) throws IOException {
        BenchmarkCommand.report(ratios(3.0, 3.5), Optional.empty(), console(true));
        Path file = Files.write(folder.resolve("baseline.json"), out.toByteArray());
        assertEquals(ratios(3.0, 3.5), Baseline.read(file));
    }

    @Test
    void anotherFileIsNoBaseline(@TempDir Path folder) throws IOException {
        for (String text : List.of(
                "", "[]", "{}", "{\"benchmarks\": {\"m\": 3}}", "{\"benchmarks\": {\"m\": {\"f\": [\"x\"]}}}")) {
            Path file = Files.writeString(folder.resolve("other.json"), text);
            SquisherException e = assertThrows(SquisherException.class, () -> Baseline.read(file), text);
            assertEquals(
                    "'" + file + "' is no baseline: expected the JSON that 'squisher benchmark --json' prints",
                    e.getMessage());
        }
    }

    @Test
    void everyBenchmarkHasAWordAndAProgram() throws ReflectiveOperationException {
        for (Benchmark benchmark : Benchmark.values()) {
            Class.forName(benchmark.program()).getMethod("main", String[].class);
        }
        assertEquals("fisher-m1", Benchmark.words().get(0));
    }

    @Test
    void whatTakesMinutesRunsOnlyWhereItIsNamed() {
        assertTrue(Benchmark.words().contains("fisher-gpt2"));
        assertFalse(Benchmark.usual().contains(Benchmark.FISHER_GPT2));
        assertEquals(Benchmark.values().length - 1, Benchmark.usual().size());
    }
}
