package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tf.slots.Estimate.MovingAverage;
import io.squisher.tf.slots.Estimate.RunningSum;
import io.squisher.tf.slots.StepSource.Absent;
import io.squisher.tf.slots.StepSource.Counter;
import io.squisher.tf.slots.StepSource.Power;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of the document says what the table of the code says. */
class OptimizersPageTest {
    private static final Path PAGE = Path.of("../docs/optimizers.md");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Map<String, Row> ROWS = new LinkedHashMap<>();

    /** A row of the document, by column. */
    private record Row(
            String optimizer,
            String operations,
            String accumulator,
            String estimate,
            String start,
            String memory,
            String step) {
        static Row of(String line) {
            String[] cells = line.substring(1).split("\\|", -1);
            return new Row(
                    cells[0].strip(),
                    cells[1].strip(),
                    cells[2].strip(),
                    cells[3].strip(),
                    cells[4].strip(),
                    cells[5].strip(),
                    cells[6].strip());
        }

        /** The operations that it names; an ellipsis stands for four forms. */
        Set<String> types() {
            Set<String> types = new TreeSet<>();
            for (String name : code(operations)) {
                for (String form : List.of("", "Resource", "Sparse", "ResourceSparse")) {
                    types.add(name.replace("…", form));
                }
            }
            return types;
        }
    }

    private static List<String> code(String cell) {
        List<String> words = new ArrayList<>();
        Matcher code = CODE.matcher(cell);
        while (code.find()) {
            words.add(code.group(1));
        }
        return words;
    }

    @BeforeAll
    static void read() throws IOException {
        Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| optimizer"))
                .map(Row::of)
                .forEach(row -> ROWS.put(row.optimizer(), row));
    }

    private static Map<String, List<AccumulatorRule>> rules() {
        return AccumulatorRules.all().stream()
                .collect(Collectors.groupingBy(AccumulatorRule::optimizer, LinkedHashMap::new, Collectors.toList()));
    }

    @Test
    void theSameOptimizersAreListed() {
        Set<String> expected = new TreeSet<>(rules().keySet());
        expected.add("Nadam"); // which has no operation of its own, see WrittenOutAverages
        assertEquals(expected, new TreeSet<>(ROWS.keySet()));
    }

    @Test
    void theSameOperationsAreListed() {
        rules().forEach((optimizer, rules) -> {
            Set<String> types = new TreeSet<>();
            rules.forEach(rule -> types.addAll(rule.operationTypes()));
            assertEquals(types, ROWS.get(optimizer).types(), optimizer);
        });
    }

    @Test
    void theAccumulatorIsTheSameInput() {
        rules().forEach((optimizer, rules) -> {
            String cell = ROWS.get(optimizer).accumulator();
            for (AccumulatorRule rule : rules) {
                if (rule.isUsable()) {
                    assertEquals(List.of(rule.slot()), code(cell), optimizer);
                    assertTrue(cell.matches(".*\\b" + rule.accumulator() + "\\b.*"), optimizer + ": " + cell);
                } else {
                    assertEquals("refused", cell, optimizer);
                }
            }
        });
    }

    @Test
    void itEstimatesTheSameFromTheSameStart() {
        rules().forEach((optimizer, rules) -> {
            Row row = ROWS.get(optimizer);
            for (AccumulatorRule rule : rules) {
                if (rule.estimate() instanceof MovingAverage) {
                    assertTrue(row.estimate().matches("v ← (.+)v \\+ \\(1-\\1\\)g²"), optimizer);
                    assertTrue(row.memory().startsWith("1/(1-"), optimizer);
                } else if (rule.estimate() instanceof RunningSum) {
                    assertEquals("a ← a + g²", row.estimate(), optimizer);
                    assertEquals("all steps", row.memory(), optimizer);
                }
                if (rule.isUsable()) {
                    String number = Double.toString(rule.initialValue()).replaceFirst("\\.0$", "");
                    assertTrue(row.start().matches("(.* )?" + Pattern.quote(number) + "\\b.*"), row.start());
                }
            }
        });
    }

    @Test
    void theStepCountIsFoundInTheSameWay() {
        rules().forEach((optimizer, rules) -> {
            String cell = ROWS.get(optimizer).step();
            for (AccumulatorRule rule : rules) {
                String expected = "";
                if (!rule.isUsable()) {
                    assertEquals("", cell, optimizer);
                } else if (rule.step() instanceof Power) {
                    expected = "`beta2_power`";
                } else if (rule.step() instanceof Counter) {
                    expected = "its global step";
                } else if (rule.step() instanceof Absent) {
                    expected = "not in the graph";
                }
                assertTrue(cell.startsWith(expected), optimizer + ": " + cell);
            }
        });
    }
}
