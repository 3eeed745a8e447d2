package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    private static final List<String> HEADINGS =
            List.of("Main options:", "Method:", "Output:", "Advanced:", "Examples:");

    /** Example lines are copied, so that they are never broken. */
    private static List<String> broken(List<String> lines) {
        int examples = lines.indexOf("Examples:");
        return examples < 0 ? lines : lines.subList(0, examples);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 132})
    void noLineIsWiderThanTheTerminal(int columns) {
        List<String> lines = new ArrayList<>(Help.overview(CommandOptions.commands(), columns));
        for (Command command : CommandOptions.commands()) {
            lines.addAll(broken(Help.page(command, CommandOptions.of(command), columns)));
        }
        assertEquals(
                List.of(),
                lines.stream().filter(line -> line.length() > columns).toList());
        assertTrue(lines.stream().anyMatch(line -> line.length() > columns - 8), "nothing uses the width");
    }

    @Test
    void everyOptionStandsUnderOneHeadingInOrder() {
        for (Command command : CommandOptions.commands()) {
            Options options = CommandOptions.of(command);
            List<String> lines = broken(Help.page(command, options, 80));
            for (Option option : options.getOptions()) {
                long times = lines.stream()
                        .filter(line -> line.matches("  (-\\w, )?--" + option.getLongOpt() + "( .*)?"))
                        .count();
                assertEquals(1, times, command.name() + " --" + option.getLongOpt());
            }
            List<String> headings = lines.stream().filter(HEADINGS::contains).toList();
            assertEquals(HEADINGS.stream().filter(headings::contains).toList(), headings);
            assertTrue(headings.contains("Advanced:"), command.name());
        }
    }
}
