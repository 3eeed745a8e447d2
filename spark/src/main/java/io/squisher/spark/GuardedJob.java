package io.squisher.spark;

import io.squisher.SquisherException;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.CollectionAccumulator;

/** Runs jobs whose tasks hand on what is wrong with the data as values: ends them at the first one, and throws it. */
final class GuardedJob implements AutoCloseable {
    private final SparkContext spark;
    private final CollectionAccumulator<String> errors;
    private final String group = "squisher-" + UUID.randomUUID();
    private final SparkListener ending;

    /**
     * @param errors what tasks add messages to; not registered yet
     */
    GuardedJob(SparkContext spark, CollectionAccumulator<String> errors) {
        this.spark = spark;
        this.errors = errors;
        this.ending = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd ended) {
                if (!errors.value().isEmpty()) {
                    spark.cancelJobGroup(group);
                }
            }
        };
        spark.register(errors, "squisher.errors");
        spark.addSparkListener(ending);
    }

    <T> T run(Supplier<T> work) {
        spark.setJobGroup(group, "the Fisher diagonal", true);
        T result;
        try {
            result = work.get();
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw errors.value().isEmpty()
                    ? JobFailure.of(e)
                    : new SquisherException(errors.value().get(0), e);
        } finally {
            spark.clearJobGroup();
        }
        if (!errors.value().isEmpty()) {
            throw new SquisherException(errors.value().get(0));
        }
        return result;
    }

    @Override
    public void close() {
        spark.removeSparkListener(ending);
    }
}
