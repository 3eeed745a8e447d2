package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.runtime.Device;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told of data that cannot be taken: one line with file and row, and there is no output. */
class WrongDataTest {
    private static final Fixture FIXTURE = new Fixture("mlp_relu");

    /** More than the driver looks at, so that a task finds what is wrong. */
    private static final int COPIES = 5;

    private static List<Row> sound;

    @TempDir
    Path folder;

    @BeforeAll
    static void rows() {
        sound = new ArrayList<>();
        for (int copy = 0; copy < COPIES; copy++) {
            sound.addAll(FIXTURE.rows());
        }
    }

    /** A Parquet file of the fixture's rows, five times, with one value changed. */
    private Dataset<Row> with(int row, String column, Object value) {
        List<String> columns =
                Arrays.stream(FIXTURE.fields()).map(field -> field.name()).toList();
        List<Row> rows = new ArrayList<>(sound);
        Object[] values = new Object[columns.size()];
        Arrays.setAll(
                values,
                i -> i == columns.indexOf(column) ? value : sound.get(row).get(i));
        rows.set(row, RowFactory.create(values));
        String target = folder.resolve("data.parquet").toString();
        LocalSpark.session()
                .createDataFrame(rows, DataTypes.createStructType(FIXTURE.fields()))
                .coalesce(1)
                .write()
                .parquet(target);
        return LocalSpark.session().read().parquet(target);
    }

    private static Float[] features(int count) {
        Float[] features = new Float[count];
        Arrays.fill(features, 0.5f);
        return features;
    }

    private String refusal(Dataset<Row> data) {
        Path target = folder.resolve("fisher.safetensors");
        SquisherException refused =
                assertThrows(SquisherException.class, () -> FIXTURE.spark(new FisherKind.Empirical())
                        .writeTo(target.toString(), data));
        assertTrue(!Files.exists(target), "there is an output");
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        return refused.getMessage();
    }

    private String file() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data.parquet"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    @Test
    void aShortRow() throws IOException {
        String seen = refusal(with(100, "input", features(19)));
        assertEquals(
                "row 100 of '" + file()
                        + "': the column 'input' has 19 values, 20 are expected; all examples have the same shape",
                seen);
    }

    @Test
    void aMissingValue() throws IOException {
        String seen = refusal(with(101, "input", null));
        assertEquals("row 101 of '" + file() + "': the column 'input' is null", seen);
    }

    @Test
    void aMissingElement() throws IOException {
        Float[] features = features(20);
        features[3] = null;
        String seen = refusal(with(102, "input", features));
        assertEquals(
                "row 102 of '" + file() + "': the column 'input' has null at 3; all examples have the same shape",
                seen);
    }

    @Test
    void aValueThatIsNoNumber() throws IOException {
        Float[] features = features(20);
        features[3] = Float.NaN;
        String seen = refusal(with(103, "input", features));
        assertTrue(seen.contains("the array 'input' holds NaN in row 103 of '" + file() + "'"), seen);
    }

    @Test
    void aLabelThatIsNoClass() throws IOException {
        String seen = refusal(with(104, "labels", 5L));
        assertTrue(seen.contains(file() + "': row 104 holds 5"), seen);
    }

    @Test
    void aFileThatWasCut() throws IOException {
        Dataset<Row> data = with(0, "labels", 0L);
        data.schema();
        try (FileChannel channel = FileChannel.open(Path.of(file()), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        try (Stream<Path> sums = Files.list(folder.resolve("data.parquet"))) {
            for (Path sum :
                    sums.filter(name -> name.toString().endsWith(".crc")).toList()) {
                Files.delete(sum);
            }
        }
        String seen = refusal(data);
        assertTrue(seen.contains("is not a Parquet file"), seen);
        assertTrue(seen.contains(Path.of(file()).getFileName().toString()), seen);
    }

    @Test
    void noRows() {
        assertEquals("the data has no rows", refusal(FIXTURE.data(2).filter("id < 0")));
    }

    @Test
    void aColumnThatIsNotThere() {
        SquisherException refused = assertThrows(
                SquisherException.class,
                () -> SparkFisher.of(FIXTURE.model()).feed("input", "pixel").run(FIXTURE.data(1)));
        assertTrue(
                refused.getMessage().startsWith("the data has no column 'pixel' to feed the input 'input' from"),
                refused.getMessage());
    }

    @Test
    void aColumnOfText() {
        SquisherException refused = assertThrows(SquisherException.class, () -> SparkFisher.of(FIXTURE.model())
                .run(FIXTURE.data(1).withColumn("input", org.apache.spark.sql.functions.lit("a.png"))));
        assertEquals(
                "the column 'input' is string; numbers, arrays of numbers, little-endian bytes and Spark ML's vectors are read",
                refused.getMessage());
    }

    @Test
    void aDeviceThatNobodyLends() {
        SquisherException refused = assertThrows(
                SquisherException.class,
                () -> SparkFisher.of(FIXTURE.model()).device(new Device.Cuda(0)).run(FIXTURE.data(1)));
        assertTrue(
                refused.getMessage().startsWith("a CUDA device was asked for, and Spark lends none to tasks"),
                refused.getMessage());
    }
}
