package io.squisher.apps.cli.command.completion;

import java.util.List;
import java.util.stream.Collectors;

/** The script for bash, from 3.2 on, which macOS has. */
final class BashScript {
    /** Bash takes {@code --name=value} for three words. */
    private static final String BEGINNING = """
            # Completion of squisher for bash; 'squisher completion bash' wrote it.

            _squisher_add() {
                local line
                while IFS= read -r line; do
                    COMPREPLY+=("$line")
                done < <(compgen "$@")
            }

            _squisher_files() {
                compopt -o filenames 2>/dev/null
                _squisher_add "$1" -- "$word"
            }

            _squisher() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
                COMPREPLY=()
                if [[ $COMP_CWORD -gt 2 && $word == '=' ]]; then
                    word=
                elif [[ $COMP_CWORD -gt 2 && $before == '=' ]]; then
                    before=${COMP_WORDS[COMP_CWORD - 2]}
                fi
            """;

    private BashScript() {}

    static String of(List<CompletedCommand> commands) {
        StringBuilder script = new StringBuilder(BEGINNING);
        String names = commands.stream().map(CompletedCommand::name).collect(Collectors.joining(" "));
        script.append("    if [[ $COMP_CWORD -eq 1 ]]; then\n        ")
                .append(add(names + " --help --version"))
                .append("\n        return\n    fi\n    case \"${COMP_WORDS[1]} $before\" in\n");
        for (CompletedCommand command : commands) {
            for (CompletedOption option : command.options()) {
                appendValue(script, command, option);
            }
        }
        script.append("    esac\n    case \"${COMP_WORDS[1]} $word\" in\n");
        for (CompletedCommand command : commands) {
            String options = command.options().stream()
                    .flatMap(option -> option.spellings().stream())
                    .collect(Collectors.joining(" "));
            script.append("    '" + command.name() + " -'*) " + add(options) + " ;;\n");
            if (!command.words().isEmpty()) {
                script.append("    '" + command.name() + " '*) " + add(String.join(" ", command.words())) + " ;;\n");
            }
        }
        return script.append("    *) _squisher_files -f ;;\n    esac\n}\n\ncomplete -F _squisher squisher\n")
                .toString();
    }

    private static void appendValue(StringBuilder script, CompletedCommand command, CompletedOption option) {
        String way =
                switch (option.value()) {
                    case NONE -> "";
                    case WORD -> add(String.join(" ", option.words())) + "; return ;;";
                    case FILE -> "_squisher_files -f; return ;;";
                    case FOLDER -> "_squisher_files -d; return ;;";
                    case OTHER -> "return ;;";
                };
        if (!way.isEmpty()) {
            String patterns = option.spellings().stream()
                    .map(spelling -> "'" + command.name() + " " + spelling + "'")
                    .collect(Collectors.joining(" | "));
            script.append("    " + patterns + ") " + way + "\n");
        }
    }

    private static String add(String words) {
        return "_squisher_add -W '" + words + "' -- \"$word\"";
    }
}
