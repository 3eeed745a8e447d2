package io.squisher.apps.cli.command.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Run;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;

class ManCommandTest {
    private static String page(Object... words) {
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
        run.out().lines().forEach(line -> assertTrue(line.matches("\\.(TH|SH|SS|TP)( .*)?|\\\\(&|fB).*"), line));
        return run.out();
    }

    @Test
    void everyCommandAndOptionHasItsEntry() {
        String overview = page("man");
        for (Command command : CommandOptions.commands()) {
            assertTrue(overview.contains("\n\\fB" + command.name().replace("-", "\\-") + "\\fR\n"), overview);
            String page = page("man", command.name());
            for (Option option : CommandOptions.of(command).getOptions()) {
                String name = "\\-\\-" + option.getLongOpt().replace("-", "\\-") + (option.hasArg() ? " " : "\\fR\n");
                assertTrue(page.contains(name), command.name() + " " + name);
            }
        }
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        Run run = Run.of("man", "merg");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("did you mean 'merge'?"), run.err());
        assertEquals(2, Run.of("man", "merge", "mask").exitCode());
    }
}
