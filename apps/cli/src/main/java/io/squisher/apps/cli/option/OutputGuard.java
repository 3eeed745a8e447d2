package io.squisher.apps.cli.option;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.SameFile;
import io.squisher.format.SourceFiles;
import io.squisher.format.TargetFiles;
import io.squisher.report.PageFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/**
 * Looks at all that a command line is to write before the command runs: no output is an input, or a part of one; no two
 * outputs are one file; each name fits what is written; and what is replaced is of the same kind, unless {@code --force} is
 * given. Inputs are the words without an option, the values of options that name files, and the files that those name.
 */
public final class OutputGuard {
    /** The option by which a file of another kind is replaced. */
    public static final String FORCE = "force";

    /** The option by which nothing is written. */
    public static final String DRY_RUN = "dry-run";

    /** An output as it was asked for. */
    private record Asked(String option, OutputKind kind, Path path) {
        /** All that writing it may touch. */
        List<Path> touched() {
            if (kind.isFolder()) {
                return kind.inFolder(path);
            }
            List<Path> files = new ArrayList<>();
            files.add(path);
            switch (kind) {
                case MODEL, GRAPH -> files.addAll(TargetFiles.of(path));
                case TRAINED_MODEL -> {
                    files.addAll(TargetFiles.of(path));
                    files.addAll(TrainedFiles.of(path).beside());
                }
                // What 'fisher' keeps of an interrupted run.
                case FISHER, FISHER_OR_SUMS -> files.add(path.resolveSibling(path.getFileName() + ".partial"));
                case PAGE -> files.add(PageFile.resultsBeside(path));
                default -> {}
            }
            return files;
        }

        /** The files that a user would miss if they were of another kind, and which kinds may be there. */
        Map<Path, Set<FileKind>> replaced() {
            Map<Path, Set<FileKind>> replaced = new LinkedHashMap<>();
            if (kind.isFolder() || kind == OutputKind.PAGE) {
                touched().forEach(file -> replaced.put(file, FileKind.promisedBy(file)));
                return replaced;
            }
            replaced.put(path, kind.kindsUnder(path));
            if (kind == OutputKind.TRAINED_MODEL) {
                TrainedFiles files = TrainedFiles.of(path);
                replaced.put(files.squisher(), Set.of(FileKind.FISHER));
                replaced.put(files.history(), Set.of(FileKind.TEXT));
                replaced.put(files.curves(), Set.of(FileKind.PNG));
            }
            return replaced;
        }
    }

    private final List<Path> inputs;
    private final boolean force;
    private final List<Asked> accepted = new ArrayList<>();

    private OutputGuard(List<Path> inputs, boolean force) {
        this.inputs = inputs;
        this.force = force;
    }

    /**
     * Looks at a command line.
     *
     * @param further inputs that are named by others, such as the models of a recipe
     * @throws UsageException if a name does not fit what is written
     * @throws SquisherException naming the output and what it would cost
     */
    public static void check(Values values, CommandLine line, List<Path> further) {
        OutputGuard guard = new OutputGuard(inputs(values, line, further), line.hasOption(FORCE));
        for (Option option : line.getOptions()) {
            if (option.getConverter() instanceof OutputKind kind) {
                guard.accept(new Asked(GivenOptions.spell(option), kind, values.toPath(option.getValue())));
            }
        }
    }

    /** As {@link #check}, for an output at the place that a command takes where none is given. */
    static void checkDefault(Values values, CommandLine line, OutputKind kind, Path path) {
        new OutputGuard(inputs(values, line, List.of()), line.hasOption(FORCE)).accept(new Asked("-o", kind, path));
    }

    /** Whether an option names a file to read. */
    public static boolean isInput(Option option) {
        return option.getConverter() instanceof Domain<?> domain && domain.isPath();
    }

    private static List<Path> inputs(Values values, CommandLine line, List<Path> further) {
        List<Path> inputs = new ArrayList<>(further);
        line.getArgList().forEach(word -> inputs.add(values.toPath(word)));
        for (Option option : line.getOptions()) {
            if (isInput(option)) {
                inputs.add(values.toPath(option.getValue()));
            }
        }
        return inputs;
    }

    private void accept(Asked output) {
        refuseUnwritable(output);
        refuseInputs(output);
        refuseUnfittingName(output);
        refuseOtherOutputs(output);
        refuseOtherKind(output);
        accepted.add(output);
    }

    private static void refuseUnwritable(Asked output) {
        Path path = output.path();
        if (output.kind().isFolder()) {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw cannotWrite(path, "it is a file, and a folder is needed; give another name");
            }
            AtomicFile.problemOfFolder(path).ifPresent(problem -> {
                throw cannotWrite(path, problem);
            });
            return;
        }
        for (Path touched : output.touched()) {
            AtomicFile.problemOf(touched).ifPresent(problem -> {
                throw cannotWrite(path, problem);
            });
        }
        if (Files.isDirectory(path)) {
            throw cannotWrite(path, "it is a folder");
        } else if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw cannotWrite(path, "it is a device or a pipe, and a file is written beside its place first");
        }
    }

    private static void refuseUnfittingName(Asked output) {
        OutputKind kind = output.kind();
        if (kind.isFolder() || !kind.kindsUnder(output.path()).isEmpty()) {
            return;
        }
        Set<FileKind> promised = FileKind.promisedBy(output.path());
        throw new UsageException("cannot write '" + output.path() + "': "
                + (promised.isEmpty()
                        ? "its name does not say in which format"
                        : "its name is that of " + FileKind.promiseOf(output.path()))
                + ", and " + output.option() + " is " + kind.words() + "; give a name that ends in "
                + kind.suffixes());
    }

    private void refuseInputs(Asked output) {
        for (Path input : inputs) {
            if (output.kind().isFolder() && SameFile.is(output.path(), input)) {
                throw cannotWrite(output.path(), "it is the input '" + input + "'; give another folder");
            }
            for (Path source : SourceFiles.of(input)) {
                for (Path touched : output.touched()) {
                    if (Files.exists(touched) && !Files.isDirectory(source) && SameFile.is(touched, source)) {
                        refuseInput(output, touched, input, source);
                    }
                }
            }
        }
    }

    private static void refuseInput(Asked output, Path touched, Path input, Path source) {
        // What an earlier run left in the folder of a checkpoint is not part of it.
        boolean earlier = Files.isDirectory(input)
                && (output.kind() == OutputKind.FISHER || output.kind() == OutputKind.FISHER_OR_SUMS)
                && FileKind.of(source) == FileKind.FISHER;
        if (!earlier) {
            String what = touched.equals(output.path()) ? "it" : "'" + touched + "', which would be replaced with it,";
            throw cannotWrite(
                    output.path(),
                    what + " is " + (source.equals(input) ? "" : "part of ") + "the input '" + input
                            + "'; give the output another name");
        }
    }

    private void refuseOtherOutputs(Asked output) {
        for (Asked other : accepted) {
            for (Path touched : output.touched()) {
                if (other.touched().stream().anyMatch(path -> SameFile.is(path, touched))) {
                    throw cannotWrite(
                            output.path(),
                            "'" + touched + "' is written as " + output.option() + " and as " + other.option()
                                    + "; give one of them another name");
                }
            }
        }
    }

    private void refuseOtherKind(Asked output) {
        if (force) {
            return;
        }
        output.replaced().forEach((path, expected) -> {
            FileKind found = FileKind.of(path);
            if (found != FileKind.NOTHING && !expected.contains(found)) {
                throw cannotWrite(
                        path,
                        "there is " + found.words() + ", and " + output.option() + " would replace it by "
                                + FileKind.list(expected) + "; give another name, or --" + FORCE + " to replace it");
            }
        });
    }

    private static SquisherException cannotWrite(Path path, String why) {
        return new SquisherException("cannot write '" + path + "': " + why);
    }
}
