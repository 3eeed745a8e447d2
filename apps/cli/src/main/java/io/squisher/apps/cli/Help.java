package io.squisher.apps.cli;

import io.squisher.Version;
import io.squisher.apps.cli.option.OptionSection;
import java.util.List;
import org.apache.commons.cli.Options;

/** The help pages. */
final class Help {
    private Help() {}

    /** What the program is, and its commands. */
    static List<String> overview(List<Command> commands, int columns) {
        return new HelpPage(columns)
                .text("squisher " + Version.text() + ": the diagonal Fisher information of networks, recycled from Adam"
                        + " or computed from ONNX graphs")
                .line("")
                .line("usage: squisher COMMAND [options]")
                .line("")
                .terms(
                        commands.stream().map(Command::name).toList(),
                        commands.stream().map(Command::summary).toList())
                .line("")
                .text(
                        "'squisher help COMMAND' shows a command's options and examples; 'squisher --version' the version.")
                .text("Exit codes: 0 done, 1 it failed, 2 wrong usage.")
                .lines();
    }

    /** A command's page: synopsis, options by section, examples. */
    static List<String> page(Command command, Options options, int columns) {
        HelpPage page = new HelpPage(columns)
                .text("usage: squisher " + command.name() + (command.arguments().isEmpty() ? "" : " ")
                        + command.arguments() + " [options]")
                .line("")
                .text(command.summary() + ".");
        OptionSection.sections(options)
                .forEach((section, members) ->
                        page.line("").line(section.heading() + ":").options(members));
        page.line("").line("Examples:");
        for (Example example : command.examples()) {
            page.line("  # " + example.purpose()).line("  squisher " + example.commandLine());
        }
        return page.lines();
    }
}
