package io.squisher.apps.cli.command.fisher;

import io.squisher.SquisherException;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.commons.cli.Options;

/** Computes a Fisher on Apache Spark. The module that knows Spark implements it, and is found by its service. */
public interface FisherOnSpark {
    /** The options that are of columns, and make sense here alone. */
    List<String> COLUMN_OPTIONS = List.of("feed", "shape");

    /** Does the job that the options of {@code squisher fisher} describe. */
    ExitCode make(Job job);

    /** Declares the options that say how columns are fed. */
    static Options declare(Options options) {
        return options.addOption(Flags.value(
                        "feed",
                        "INPUT=COLUMN",
                        Domain.of(ColumnNames::parse),
                        "on Spark: the column that an input of the model is fed from, several between commas; default"
                                + " the column of its name"))
                .addOption(Flags.value(
                        "shape",
                        "NAME=SIZES",
                        Domain.of(ColumnNames::shapes),
                        "on Spark: the shape of one example of an input, or of the labels' column, such as labels=1x8x8,"
                                + " where the model does not declare it"));
    }

    /**
     * The implementation.
     *
     * @throws SquisherException if it or Spark is not on the class path
     */
    static FisherOnSpark find() {
        try {
            Iterator<FisherOnSpark> found =
                    ServiceLoader.load(FisherOnSpark.class).iterator();
            if (found.hasNext()) {
                return found.next();
            }
        } catch (LinkageError | java.util.ServiceConfigurationError e) {
            throw missing(e);
        }
        throw missing(null);
    }

    private static SquisherException missing(Throwable cause) {
        return new SquisherException(
                "--spark needs Apache Spark, which is not on the class path: set SPARK_HOME to the folder of Spark 3.5 or 4",
                cause);
    }

    /** Refuses options of columns where there are none. */
    static void refuseWithout(Values values) {
        COLUMN_OPTIONS.stream().filter(values::has).findFirst().ifPresent(option -> {
            throw values.wrong("--" + option + " goes with --spark");
        });
    }
}
