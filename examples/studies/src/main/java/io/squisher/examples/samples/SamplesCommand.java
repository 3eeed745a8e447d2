package io.squisher.examples.samples;

import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.examples.demo.DemoModels;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher samples}: small files on which the commands of the documents run as they are written. */
public final class SamplesCommand implements Command {
    @Override
    public String name() {
        return "samples";
    }

    @Override
    public String summary() {
        return "Write small models, data, Fishers and checkpoints to try the commands of the documents on";
    }

    @Override
    public String arguments() {
        return "DIR";
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("then 'cd samples' and try docs/formats.md and docs/applications.md", "samples samples"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Path folder = new Values(name(), line).arguments("DIR").get(0);
        try {
            refuseWhatIsThere(folder);
            Files.createDirectories(folder);
            console.note("training small models; some seconds ...");
            DemoModels.write(folder);
            FormatSamples.write(folder);
            ApplicationSamples.write(folder);
            UnlearningSamples.write(folder);
            console.print("wrote " + count(folder) + " files and folders to " + folder);
        } catch (IOException e) {
            throw FormatException.unwritable(folder, e);
        }
        return ExitCode.DONE;
    }

    /** So that no file of a user's is ever replaced. */
    private static void refuseWhatIsThere(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new SquisherException("cannot write '" + folder + "': it is a file; give a new folder");
        }
        if (Files.isDirectory(folder) && count(folder) > 0) {
            throw new SquisherException("cannot write '" + folder + "': it is not empty; give a new folder");
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
