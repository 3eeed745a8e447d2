package io.squisher.apps.cli;

import io.squisher.Suggestions;
import io.squisher.Version;
import io.squisher.apps.cli.option.GivenOptions;
import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.Quoted;
import io.squisher.apps.cli.option.UsageException;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Terminal;
import io.squisher.internal.gson.JsonObject;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingOptionException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Entry point of {@code squisher}: finds the command, parses its options, and turns failures into one line. */
public final class Main {
    private final List<Command> commands;
    private final PrintStream out;
    private final PrintStream err;

    Main(List<Command> commands, PrintStream out, PrintStream err) {
        this.commands =
                commands.stream().sorted(Comparator.comparing(Command::name)).toList();
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs one command line without leaving the process.
     *
     * @return the exit code
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        return new Main(CommandOptions.commands(), out, err).run(args).number();
    }

    ExitCode run(String... args) {
        boolean debug = Arrays.asList(args).contains("--debug");
        try {
            return dispatch(args);
        } catch (RuntimeException | Error e) {
            Failure failure = Failure.of(e);
            err.println("squisher: " + failure.line());
            if (debug) {
                e.printStackTrace(err);
            }
            JsonObject document = new JsonObject();
            document.addProperty("error", failure.line());
            document.addProperty("exit_code", failure.code().number());
            new Console(out, err, asksForJson(args), false).printJson(document);
            return failure.code();
        }
    }

    private ExitCode dispatch(String... args) {
        if (args.length == 0) {
            printAll(Help.overview(commands, Terminal.columns()));
            return ExitCode.DONE;
        }
        switch (args[0]) {
            case "--help", "-h" -> printAll(Help.overview(commands, Terminal.columns()));
            case "--version", "-V" -> out.println("squisher " + Version.text());
            case "help" -> {
                if (args.length == 1) {
                    printAll(Help.overview(commands, Terminal.columns()));
                } else {
                    Command command = find(args[1]);
                    printAll(Help.page(command, CommandOptions.of(command), Terminal.columns()));
                }
            }
            default -> {
                if (args[0].startsWith("-") && asksForHelp(args)) {
                    printAll(Help.overview(commands, Terminal.columns()));
                    return ExitCode.DONE;
                }
                return runCommand(find(args[0]), Arrays.copyOfRange(args, 1, args.length));
            }
        }
        return ExitCode.DONE;
    }

    private void printAll(List<String> lines) {
        lines.forEach(out::println);
    }

    private Command find(String name) {
        return commands.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("unknown " + (name.startsWith("-") ? "option" : "command") + " "
                        + Quoted.of(name)
                        + Suggestions.didYouMean(
                                name, commands.stream().map(Command::name).toList())
                        + "; 'squisher --help' lists the commands"));
    }

    private ExitCode runCommand(Command command, String[] args) {
        Options options = CommandOptions.of(command);
        if (asksForHelp(args)) {
            printAll(Help.page(command, options, Terminal.columns()));
            return ExitCode.DONE;
        }
        if (asksForVersion(args)) {
            out.println("squisher " + Version.text());
            return ExitCode.DONE;
        }
        CommandLine line = parse(command, options, args);
        GivenOptions.check(command.name(), line);
        Values values = new Values(command.name(), line);
        OutputGuard.check(values, line, command.furtherInputs(values));
        return command.run(line, new Console(out, err, line.hasOption("json"), line.hasOption("quiet")));
    }

    /** Help may be asked for anywhere, whatever else is wrong with the line. */
    private static boolean asksForHelp(String... args) {
        List<String> given = Arrays.asList(args);
        return given.contains("--help") || given.contains("-h");
    }

    /** Whether a script reads the output; it may be asked before the options can be parsed. */
    private static boolean asksForJson(String... args) {
        return Arrays.stream(args)
                .takeWhile(word -> !word.equals("--"))
                .anyMatch(word -> word.equals("--json") || word.equals("-json"));
    }

    private static boolean asksForVersion(String... args) {
        List<String> given = Arrays.asList(args);
        return given.contains("--version") || given.contains("-V");
    }

    private static CommandLine parse(Command command, Options options, String[] args) {
        String seeHelp = "; see 'squisher " + command.name() + " --help'";
        try {
            // Abbreviated options would change their meaning when new ones come: scripts must spell them out.
            return DefaultParser.builder().setAllowPartialMatching(false).get().parse(options, args);
        } catch (UnrecognizedOptionException e) {
            List<String> known = options.getOptions().stream()
                    .map(option -> "--" + option.getLongOpt())
                    .toList();
            throw new UsageException(command.name() + ": unknown option " + Quoted.of(e.getOption())
                    + Suggestions.didYouMean(e.getOption(), known) + seeHelp);
        } catch (MissingOptionException e) {
            throw new UsageException(command.name() + ": missing " + String.join(", ", namesOf(options, e)) + seeHelp);
        } catch (ParseException e) {
            throw new UsageException(command.name() + ": " + e.getMessage() + seeHelp);
        }
    }

    private static List<String> namesOf(Options options, MissingOptionException missing) {
        List<String> names = new ArrayList<>();
        for (Object key : missing.getMissingOptions()) {
            names.add(GivenOptions.spell(options.getOption(key.toString())));
        }
        return names;
    }
}
