package io.squisher.apps.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.apps.cli.CommandOptions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;

class OptionSectionTest {
    /** Options of commands that another module adds. */
    private static final Set<String> ELSEWHERE = Set.of("seeds", "setting");

    @Test
    void everyNameIsAnOptionOfSomeCommandAndStandsOnce() {
        Set<String> options = CommandOptions.commands().stream()
                .flatMap(command -> CommandOptions.of(command).getOptions().stream())
                .map(Option::getLongOpt)
                .collect(Collectors.toSet());
        List<String> unknown = OptionSection.names().stream()
                .filter(name -> !options.contains(name) && !ELSEWHERE.contains(name))
                .toList();
        assertEquals(List.of(), unknown);
        assertEquals(
                OptionSection.names().size(), Set.copyOf(OptionSection.names()).size());
    }
}
