package io.squisher.spark;

import java.lang.reflect.InvocationTargetException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;

/** The rows of a data set as Spark has them: arrays of numbers are arrays, not lists of objects. */
final class InternalRows {
    private InternalRows() {}

    /** Each row is valid until the next one of its partition. */
    static JavaRDD<InternalRow> of(Dataset<Row> data) {
        try {
            // The method is of another class in Spark 3 than in 4; by its name it is found in both.
            QueryExecution execution =
                    (QueryExecution) data.getClass().getMethod("queryExecution").invoke(data);
            return execution.toRdd().toJavaRDD();
        } catch (InvocationTargetException e) {
            throw JobFailure.of(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Spark is not known", e);
        }
    }
}
