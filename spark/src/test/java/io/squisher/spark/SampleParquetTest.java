package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Parquet file among the samples, on which the commands of the documents run: a reference case, as Spark writes it. */
class SampleParquetTest {
    private static final Path FILE = Path.of("src/test/resources/lenet_cnn.parquet");
    private static final Fixture CASE = new Fixture("lenet_cnn");

    /** Writes the file anew when asked to, by {@code -Dsquisher.record=true}. */
    @BeforeAll
    static void record(@TempDir Path folder) throws IOException {
        if (Boolean.getBoolean("squisher.record")) {
            Path written = folder.resolve("written");
            rows().write().parquet(written.toString());
            try (Stream<Path> files = Files.list(written)) {
                Path part = files.filter(file -> file.toString().endsWith(".parquet"))
                        .findFirst()
                        .orElseThrow();
                Files.copy(part, FILE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static Dataset<Row> rows() {
        return CASE.data(1).sort("id").drop("id").coalesce(1);
    }

    @Test
    void holdsTheReferenceCase() {
        List<String> written = rows().toJSON().collectAsList();
        Dataset<Row> read =
                LocalSpark.session().read().parquet(FILE.toAbsolutePath().toString());
        assertEquals(16, written.size());
        assertEquals(
                written,
                read.toJSON().collectAsList(),
                "run this test with -Dsquisher.record=true to write the file anew");
    }
}
