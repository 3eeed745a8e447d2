package io.squisher.apps.cli.command.completion;

import java.util.List;

/** The script for fish. */
final class FishScript {
    private static final String BEGINNING = """
            # Completion of squisher for fish; 'squisher completion fish' wrote it.

            function __squisher_without_command
                test (count (commandline -opc)) -eq 1
            end

            function __squisher_command
                set -l words (commandline -opc)
                test (count $words) -gt 1
                and test $words[2] = $argv[1]
            end

            complete -c squisher -f
            complete -c squisher -n __squisher_without_command -l version -d 'the version'
            complete -c squisher -n __squisher_without_command -l help -d 'the commands'
            """;

    private FishScript() {}

    static String of(List<CompletedCommand> commands) {
        StringBuilder script = new StringBuilder(BEGINNING);
        for (CompletedCommand command : commands) {
            script.append("complete -c squisher -n __squisher_without_command -a " + command.name() + " -d "
                    + quoted(command.summary()) + "\n");
        }
        for (CompletedCommand command : commands) {
            String here = "complete -c squisher -n '__squisher_command " + command.name() + "'";
            script.append(here)
                    .append(
                            command.words().isEmpty()
                                    ? " -F\n"
                                    : " -a " + quoted(String.join(" ", command.words())) + "\n");
            for (CompletedOption option : command.options()) {
                String letter = option.shortName().isEmpty() ? "" : " -s " + option.shortName();
                script.append(here + letter + " -l " + option.longName() + value(option) + " -d "
                        + quoted(option.description()) + "\n");
            }
        }
        return script.toString();
    }

    private static String value(CompletedOption option) {
        return switch (option.value()) {
            case NONE -> "";
            case WORD -> " -x -a " + quoted(String.join(" ", option.words()));
            case FILE -> " -r -F";
            case FOLDER -> " -x -a '(__fish_complete_directories)'";
            case OTHER -> " -x";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
