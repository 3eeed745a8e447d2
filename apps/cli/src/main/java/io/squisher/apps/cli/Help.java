package io.squisher.apps.cli;

import io.squisher.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;

/** The help pages. */
final class Help {
    private static final int WIDTH = 110;

    private Help() {}

    /** What the program is, and its commands. */
    static void overview(List<Command> commands, PrintStream out) {
        out.println("squisher " + Version.text() + ": the diagonal Fisher information of networks, recycled from Adam"
                + " or computed from ONNX graphs");
        out.println();
        out.println("usage: squisher COMMAND [options]");
        out.println();
        int widest = commands.stream().mapToInt(c -> c.name().length()).max().orElse(0);
        for (Command command : commands) {
            out.printf("  %-" + widest + "s  %s%n", command.name(), command.summary());
        }
        out.println();
        out.println("squisher COMMAND --help shows a command's options and examples; squisher --version the version.");
        out.println("Exit codes: 0 done, 1 it failed, 2 wrong usage.");
    }

    /** A command's page: synopsis, options, examples. */
    static void page(Command command, Options options, PrintStream out) {
        TextHelpAppendable text = new TextHelpAppendable(out);
        text.setMaxWidth(WIDTH);
        HelpFormatter formatter = HelpFormatter.builder()
                .setHelpAppendable(text)
                .setShowSince(false)
                // All compare equal, so the stable sort leaves them in the order in which the command gives them.
                .setComparator((a, b) -> 0)
                .get();
        String synopsis = "squisher " + command.name() + (command.arguments().isEmpty() ? "" : " ")
                + command.arguments() + " [options]";
        try {
            formatter.printHelp(synopsis, command.summary() + ".", options, "", false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println(" Examples:");
        for (Example example : command.examples()) {
            out.println("   # " + example.purpose());
            out.println("   squisher " + example.commandLine());
        }
    }
}
