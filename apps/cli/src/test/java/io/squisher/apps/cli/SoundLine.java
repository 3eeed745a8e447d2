package io.squisher.apps.cli;

import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.OutputKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/**
 * A command line that does its work, with what its options declare.
 *
 * @param words the command first; files as whole paths
 * @param inputPositions positions of files to read among the words
 * @param outputs positions of files to write
 * @param named files that the inputs name
 */
record SoundLine(List<String> words, List<Integer> inputPositions, List<Integer> outputs, List<Path> named) {
    /** A part of so many, which is no file. */
    private static final String SHARD = "[0-9]+(-[0-9]+)?/[0-9]+";

    /** Reads a line over the files of {@link GuardedFiles} in {@code folder}; words with a slash are files. */
    static SoundLine of(String line, Path folder) {
        List<String> words = Stream.of(line.split(" "))
                .map(word -> word.contains("/") && !word.matches(SHARD)
                        ? folder.resolve(word).toString()
                        : word)
                .toList();
        List<Integer> inputs = new ArrayList<>();
        List<Integer> outputs = new ArrayList<>();
        boolean takesFiles = command(words.get(0)).argumentWords().isEmpty();
        for (int i = 1; i < words.size(); i++) {
            Option option = words.get(i - 1).startsWith("-") ? option(words.get(0), words.get(i - 1)) : null;
            if (option != null && option.getConverter() instanceof OutputKind kind) {
                if (!kind.isFolder()) {
                    outputs.add(i);
                }
            } else if (option == null && takesFiles && !words.get(i).startsWith("-")
                    || option != null && OutputGuard.isInput(option)) {
                inputs.add(i);
            }
        }
        List<Path> named = line.contains("in/r.yaml") ? GuardedFiles.ofRecipe(folder.resolve("in")) : List.of();
        return new SoundLine(words, inputs, outputs, named);
    }

    private static Command command(String name) {
        return ServiceLoader.load(Command.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Option option(String command, String word) {
        return command(command).options().getOption(word);
    }

    /** All that is read. */
    List<Path> inputs() {
        return Stream.concat(inputPositions.stream().map(words::get).map(Path::of), named.stream())
                .toList();
    }

    /** Folders that are written into. */
    List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (int i = 2; i < words.size(); i++) {
            Option option = words.get(i - 1).startsWith("-") ? option(words.get(0), words.get(i - 1)) : null;
            if (option != null && option.getConverter() instanceof OutputKind kind && kind.isFolder()) {
                folders.add(Path.of(words.get(i)));
            }
        }
        return folders;
    }

    Path output(int position) {
        return Path.of(words.get(position));
    }

    OutputKind kind(int position) {
        return (OutputKind) option(words.get(0), words.get(position - 1)).getConverter();
    }

    /** Runs it with another word at {@code position}, and more words behind it. */
    Run runWith(int position, Path file, String... more) {
        List<String> changed = new ArrayList<>(words);
        changed.set(position, file.toString());
        changed.addAll(List.of(more));
        return Run.of(changed.toArray());
    }
}
