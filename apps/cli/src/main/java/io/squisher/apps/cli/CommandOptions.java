package io.squisher.apps.cli;

import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.OutputKind;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The commands of this installation, and all the options that each takes: its own, and those of every command. */
public final class CommandOptions {
    private CommandOptions() {}

    /** Every command that the class path has, by name. */
    public static List<Command> commands() {
        return ServiceLoader.load(Command.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Command::name))
                .toList();
    }

    /** All options of {@code command}, its own first. */
    public static Options of(Command command) {
        Options options = new Options();
        command.options().getOptions().forEach(options::addOption);
        if (command.options().getOptions().stream().anyMatch(option -> option.getConverter() instanceof OutputKind)) {
            options.addOption(Flags.bare(OutputGuard.DRY_RUN, "check everything and report, write nothing"));
            options.addOption(Flags.bare(OutputGuard.FORCE, "write even where a file of another kind is replaced"));
        }
        options.addOption(Flags.bare("quiet", "no notes and no progress on standard error"));
        options.addOption(Flags.bare("debug", "print the stack trace of a failure"));
        options.addOption(Option.builder("h").longOpt("help").desc("this page").get());
        return options;
    }
}
