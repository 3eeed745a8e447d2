package io.squisher.apps.cli.command.manual;

import io.squisher.Version;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.option.GivenOptions;
import io.squisher.apps.cli.option.OptionSection;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;

/** Manual pages in the macros of {@code man(7)}. They bear no date, so that two builds print the same. */
final class ManualPage {
    private final StringBuilder text = new StringBuilder();

    private ManualPage(String name, String summary) {
        text.append(".TH " + escaped(name.toUpperCase(Locale.ROOT)) + " 1 \"\" \"squisher " + escaped(Version.text())
                + "\" \"Squisher\"\n");
        section("NAME");
        line(name + " ").append("\\- " + escaped(summary) + "\n");
    }

    /** The page of the program, which lists the commands. */
    static String of(List<Command> commands) {
        ManualPage page = new ManualPage("squisher", "diagonal Fisher information of networks");
        page.section("SYNOPSIS");
        page.line("squisher COMMAND [options]\n");
        page.section("COMMANDS");
        for (Command command : commands) {
            page.entry(command.name(), command.summary());
        }
        page.end();
        page.section("SEE ALSO");
        page.line("'squisher man COMMAND' prints the page of a command.\n");
        return page.text.toString();
    }

    /** The page of a command. */
    static String of(Command command) {
        ManualPage page = new ManualPage("squisher-" + command.name(), command.summary());
        page.section("SYNOPSIS");
        page.line("squisher " + command.name() + " " + command.arguments()
                + (command.arguments().isEmpty() ? "" : " ") + "[options]\n");
        page.section("OPTIONS");
        OptionSection.sections(CommandOptions.of(command)).forEach((section, options) -> {
            page.text.append(".SS \"" + section.heading() + "\"\n");
            options.forEach(page::option);
        });
        page.section("EXAMPLES");
        for (Example example : command.examples()) {
            page.entry("squisher " + example.commandLine(), example.purpose());
        }
        page.end();
        return page.text.toString();
    }

    private void option(Option option) {
        entry(GivenOptions.entry(option), option.getDescription());
    }

    private void end() {
        section("EXIT STATUS");
        line("0 done, 1 it failed, 2 wrong usage.\n");
    }

    private void section(String title) {
        text.append(".SH \"" + title + "\"\n");
    }

    private void entry(String term, String description) {
        text.append(".TP\n\\fB" + escaped(term) + "\\fR\n");
        line(description + "\n");
    }

    /** Text that is no request, whatever it begins with. */
    private StringBuilder line(String words) {
        return text.append("\\&" + escaped(words));
    }

    /** A plain hyphen would be shown as one that cannot be copied into a shell. */
    private static String escaped(String words) {
        return words.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("\"", "\\(dq")
                .replace("'", "\\(aq");
    }
}
