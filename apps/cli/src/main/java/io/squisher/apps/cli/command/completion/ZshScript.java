package io.squisher.apps.cli.command.completion;

import java.util.List;
import java.util.stream.Collectors;

/** The script for zsh, either as a file of its function path or sourced. */
final class ZshScript {
    private static final String BEGINNING = """
            #compdef squisher
            # Completion of squisher for zsh; 'squisher completion zsh' wrote it.

            _squisher() {
                local -a commands
                local command
                if (( CURRENT == 2 )) && [[ $PREFIX == -* ]]; then
                    local -a options=('--version:the version' '--help:the commands')
                    _describe -o option options
                    return
                fi
                if (( CURRENT == 2 )); then
                    commands=(
            """;
    private static final String AFTER_COMMANDS = """
                    )
                    _describe command commands
                    return
                fi
                command=$words[2]
                shift words
                (( CURRENT-- ))
                case $command in
            """;
    private static final String END = """
                esac
            }

            if [[ $funcstack[1] == _squisher ]]; then
                _squisher "$@"
            else
                compdef _squisher squisher
            fi
            """;

    private ZshScript() {}

    static String of(List<CompletedCommand> commands) {
        StringBuilder script = new StringBuilder(BEGINNING);
        for (CompletedCommand command : commands) {
            script.append("            " + quoted(command.name() + ":" + command.summary()) + "\n");
        }
        script.append(AFTER_COMMANDS);
        for (CompletedCommand command : commands) {
            script.append("    " + command.name() + ")\n        _arguments \\\n");
            for (CompletedOption option : command.options()) {
                for (String spelling : option.spellings()) {
                    script.append("            " + quoted(specification(option, spelling)) + " \\\n");
                }
            }
            String arguments = command.words().isEmpty() ? "file:_files" : "word:" + choice(command.words());
            script.append("            " + quoted("*:" + arguments) + "\n        ;;\n");
        }
        return script.append(END).toString();
    }

    /** As {@code _arguments} reads it: what it excludes, the option, its description, what follows. */
    private static String specification(CompletedOption option, String spelling) {
        String excludes = option.repeatable() ? "*" : "(" + String.join(" ", option.spellings()) + ")";
        String value =
                switch (option.value()) {
                    case NONE -> "";
                    case WORD -> ":word:" + choice(option.words());
                    case FILE -> ":file:_files";
                    case FOLDER -> ":folder:_files -/";
                    case OTHER -> ":value: ";
                };
        // The value may follow as the next word, behind '=' or, for a letter, at once.
        String joint = value.isEmpty() ? "" : spelling.startsWith("--") ? "=" : "+";
        return excludes + spelling + joint + "[" + option.description().replaceAll("[\\[\\]\\\\]", "\\\\$0") + "]"
                + value;
    }

    private static String choice(List<String> words) {
        return words.stream().map(word -> word.replace(":", "\\:")).collect(Collectors.joining(" ", "(", ")"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
