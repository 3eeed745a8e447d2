package io.squisher.spark.command;

import io.squisher.Counted;
import io.squisher.OneLine;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.command.fisher.EstimationOptions;
import io.squisher.apps.cli.command.fisher.FisherOnSpark;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.GivenOptions;
import io.squisher.apps.cli.option.UsageException;
import io.squisher.apps.cli.option.Values;
import io.squisher.spark.JobFailure;
import io.squisher.spark.SparkFisher;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The program for {@code spark-submit}: {@code squisher fisher}, with addresses of Hadoop's file systems in the place of paths.
 *
 * <pre>{@code
 * spark-submit --class io.squisher.spark.command.SparkFisherMain squisher-spark-all.jar
 *     MODEL.onnx --data ADDRESS -o ADDRESS.safetensors [--by COLUMN] [options of squisher fisher]
 * }</pre>
 */
public final class SparkFisherMain {
    private static final String NAME = "fisher";

    private SparkFisherMain() {}

    public static void main(String[] arguments) {
        ExitCode code = run(System.out, System.err, arguments);
        if (code != ExitCode.DONE) {
            System.exit(code.number());
        }
    }

    /** Runs one command line in the session that there is, or a new one. */
    static ExitCode run(PrintStream out, PrintStream err, String... arguments) {
        try {
            out.println(compute(err, arguments));
            return ExitCode.DONE;
        } catch (UsageException e) {
            err.println("squisher: " + e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (Exception | LinkageError e) {
            // Scala does not declare what it throws.
            err.println("squisher: " + OneLine.of(JobFailure.of(e).getMessage()));
            return ExitCode.FAILED;
        }
    }

    private static String compute(PrintStream err, String... arguments) {
        CommandLine line = parse(arguments);
        GivenOptions.check(NAME, line);
        Values values = new Values(NAME, line);
        List<String> words = line.getArgList();
        if (words.size() != 1 || !line.hasOption("data") || !line.hasOption("o")) {
            throw new UsageException(NAME + ": takes MODEL.onnx --data ADDRESS -o ADDRESS.safetensors");
        }
        String target = line.getOptionValue("o");
        SparkFisher fisher = SparkOptions.fisher(
                values, SparkFisher.of(words.get(0)), notice -> err.println("squisher: note: " + notice));
        SparkSession session = SparkSession.builder().appName("squisher fisher").getOrCreate();
        Dataset<Row> data = SparkOptions.data(session, values, List.of(line.getOptionValues("data")));
        if (line.hasOption("by")) {
            Map<String, Long> counts = fisher.writeEach(line.getOptionValue("by"), target, data);
            long examples = counts.values().stream().mapToLong(Long::longValue).sum();
            return "wrote the Fishers of " + Counted.of(counts.size(), "group") + " over "
                    + Counted.of(examples, "example") + " to " + target;
        }
        return "wrote " + target + ": the Fisher over " + Counted.of(fisher.writeTo(target, data), "example");
    }

    private static Options options() {
        Options options = new Options();
        for (Option option : FisherOnSpark.declare(EstimationOptions.declare()).getOptions()) {
            if (!option.getLongOpt().equals("data")) {
                options.addOption(option);
            }
        }
        // Addresses are no paths of this machine: whether they can be written, their file systems say.
        return options.addOption(Flags.value("data", "ADDRESS", "Parquet, ORC or JSON; may be given several times"))
                .addOption(Option.builder("o")
                        .longOpt("out")
                        .hasArg()
                        .argName("ADDRESS")
                        .desc("where the Fisher goes; with --by, the folder of all")
                        .get())
                .addOption(Flags.value("by", "COLUMN", "a Fisher for each value of this column, in one pass"));
    }

    private static CommandLine parse(String... arguments) {
        try {
            return DefaultParser.builder().setAllowPartialMatching(false).get().parse(options(), arguments);
        } catch (ParseException e) {
            throw new UsageException(NAME + ": " + e.getMessage());
        }
    }
}
