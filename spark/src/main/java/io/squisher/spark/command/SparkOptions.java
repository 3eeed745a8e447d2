package io.squisher.spark.command;

import io.squisher.apps.cli.command.fisher.ColumnNames;
import io.squisher.apps.cli.command.fisher.EstimationOptions;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Values;
import io.squisher.onnx.runtime.Device;
import io.squisher.spark.SparkFisher;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the options of the command line ask of Spark. */
final class SparkOptions {
    private SparkOptions() {}

    static SparkFisher fisher(Values values, SparkFisher fisher, Consumer<String> notices) {
        OnnxOptions options = new OnnxOptions(values);
        for (String option : List.of("shared", "shard", "until")) {
            if (values.has(option)) {
                throw values.wrong("--" + option + " does not go with --spark");
            }
        }
        if (values.has("threads")) {
            throw values.wrong(
                    "--threads does not go with --spark: each task has the threads that spark.task.cpus says");
        }
        if (values.has("ids") && !values.text("kind").orElse("").equals("sampled")) {
            throw values.wrong("--ids goes with --kind sampled");
        }
        values.text("feed").map(ColumnNames::parse).ifPresent(feed -> feed.forEach(fisher::feed));
        values.text("shape").map(ColumnNames::shapes).ifPresent(shapes -> shapes.forEach(fisher::shape));
        options.exampleAxes().forEach(fisher::exampleAxis);
        values.text("ids").ifPresent(fisher::numberedBy);
        options.output().ifPresent(fisher::output);
        values.text("params").ifPresent(fisher::parameters);
        values.wholeNumber("batch-size")
                .filter(size -> size > 0)
                .ifPresent(size -> fisher.batchSize((int) Math.min(Integer.MAX_VALUE, size)));
        values.text("device").map(Device::parse).ifPresent(fisher::device);
        if (options.outputsAreLogits()) {
            fisher.outputsAreLogits();
        }
        if (values.has("include-constants")) {
            fisher.includeConstants();
        }
        if (values.has("tied")) {
            fisher.tied();
        }
        return fisher.labels(options.labels())
                .likelihood(options.likelihood())
                .kind(EstimationOptions.kind(values))
                .notices(notices);
    }

    /** The rows of some files or folders of one format, which the name of the first says. */
    static Dataset<Row> data(SparkSession session, Values values, List<String> addresses) {
        String first = addresses.get(0);
        String format = first.endsWith(".json") ? "json" : first.endsWith(".orc") ? "orc" : "parquet";
        Dataset<Row> all = session.read().format(format).load(addresses.toArray(String[]::new));
        return values.wholeNumber("limit")
                .map(limit -> all.limit((int) Math.min(Integer.MAX_VALUE, limit)))
                .orElse(all);
    }
}
