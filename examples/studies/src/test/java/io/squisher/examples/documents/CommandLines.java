package io.squisher.examples.documents;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import java.util.List;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;

/** What can be told of a page's commands without running them. */
public final class CommandLines {
    private CommandLines() {}

    /** Fails unless each is a command that there is, with options that it has. */
    public static void requireTaken(List<String> lines) throws ParseException {
        for (String line : lines) {
            List<String> words = List.of(line.split(" "));
            Command command = CommandOptions.commands().stream()
                    .filter(known -> known.name().equals(words.get(1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(line));
            String[] arguments = words.stream().skip(2).toArray(String[]::new);
            DefaultParser.builder().setAllowPartialMatching(false).get().parse(CommandOptions.of(command), arguments);
        }
    }
}
