package io.squisher.spark.command;

import io.squisher.Counted;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.command.fisher.EstimationOptions;
import io.squisher.apps.cli.command.fisher.FisherOnSpark;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.spark.JobFailure;
import io.squisher.spark.SparkFisher;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.SparkSession;

/** {@code squisher fisher --spark local[N]}: Spark in this process, mostly to try what a cluster will do. */
public final class LocalFisher implements FisherOnSpark {
    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        String master = values.text("spark").orElseThrow();
        if (!master.matches("local(\\[([0-9]{1,4}|\\*)])?")) {
            throw values.wrong("--spark takes local, local[N] or local[*]; on the cluster '" + master
                    + "' the program is run by spark-submit (docs/scale.md says how)");
        }
        SparkFisher fisher =
                SparkOptions.fisher(values, SparkFisher.of(new OnnxOptions(values).model()), job.console()::note);
        List<String> data =
                new OnnxOptions(values).givenData().stream().map(Path::toString).toList();
        String kind = Values.spellConstant(EstimationOptions.kind(values).toProto());
        AtomicLong count = new AtomicLong();
        Report report = Report.after(() -> "the " + kind + " Fisher"
                        + (count.get() > 0 ? " over " + Counted.of(count.get(), "example") : "") + " on Spark")
                .field("kind", kind);
        return job.finish(report, output -> {
            try (SparkSession session = session(master)) {
                count.set(fisher.writeTo(output.path().toString(), SparkOptions.data(session, values, data)));
            } catch (Exception | LinkageError e) {
                // Scala does not declare what it throws; without its options, Java refuses Spark some classes.
                throw JobFailure.of(e);
            }
            report.field("examples", count.get());
        });
    }

    private static SparkSession session(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("squisher fisher")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
    }
}
