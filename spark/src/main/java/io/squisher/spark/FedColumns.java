package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns of a data set are read. Selected rows hold, in this order: a column for each array, the example's number where
 * labels are drawn, the name of the row's file, and the row's number there (-1 where it is not known).
 *
 * @param arrays by array of the examples, the column that it is made of
 * @param numbered whether examples have numbers
 */
record FedColumns(LinkedHashMap<String, String> arrays, boolean numbered) {
    /** The column of groups among the selected ones, the last. */
    static final String GROUP = "group";

    private static final Set<DataType> WHOLE_NUMBERS =
            Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    /**
     * Finds them.
     *
     * @throws SquisherException if a column is missing
     */
    static FedColumns of(FisherSpec spec, OnnxFile model, StructType schema) {
        List<String> columns = Arrays.asList(schema.fieldNames());
        Set<String> inputs = inputs(model);
        spec.feed().forEach((input, column) -> {
            if (!inputs.contains(input)) {
                throw new SquisherException("'" + model.path() + "' has no input '" + input + "'"
                        + Suggestions.didYouMean(input, inputs) + "; it has " + inputs);
            }
            require(column, columns, " to feed the input '" + input + "' from");
        });
        LinkedHashMap<String, String> arrays = new LinkedHashMap<>();
        for (String input : inputs) {
            String column = spec.feed().getOrDefault(input, input);
            if (columns.contains(column)) {
                arrays.put(input, column);
            }
        }
        if (arrays.isEmpty()) {
            throw new SquisherException("no column is called as an input of '" + model.path() + "': it has the inputs "
                    + inputs + ", the data has the columns " + columns + "; say which column feeds which input, as in"
                    + " --feed " + inputs.stream().findFirst().orElse("input") + "=" + columns.get(0));
        }
        if (spec.kind().takesLabels() || columns.contains(spec.labels())) {
            require(spec.labels(), columns, " with the labels");
            arrays.put(FisherSpec.LABELS, spec.labels());
        }
        if (!spec.ids().isEmpty()) {
            require(spec.ids(), columns, " with the numbers of examples");
            DataType type = schema.apply(schema.fieldIndex(spec.ids())).dataType();
            if (!WHOLE_NUMBERS.contains(type)) {
                throw new SquisherException("the column '" + spec.ids() + "' is " + type.simpleString()
                        + "; numbers of examples are whole numbers");
            }
        }
        return new FedColumns(arrays, spec.draws());
    }

    private static void require(String column, List<String> columns, String what) {
        if (!columns.contains(column)) {
            throw new SquisherException("the data has no column '" + column + "'" + what
                    + Suggestions.didYouMean(column, columns) + "; it has " + columns);
        }
    }

    private static Set<String> inputs(OnnxFile model) {
        GraphProto graph = model.model().getGraph();
        Set<String> stored = new HashSet<>();
        graph.getInitializerList().forEach(tensor -> stored.add(tensor.getName()));
        Set<String> inputs = new LinkedHashSet<>();
        graph.getInputList().stream()
                .map(ValueInfoProto::getName)
                .filter(name -> !stored.contains(name))
                .forEach(inputs::add);
        return inputs;
    }

    /** The position of the example's number in a selected row. */
    int ids() {
        return arrays.size();
    }

    /** The position of the file's name in a selected row; that of the row follows. */
    int file() {
        return arrays.size() + (numbered ? 1 : 0);
    }

    /** The type of the column that an array is made of. */
    DataType type(String array, StructType schema) {
        return schema.apply(schema.fieldIndex(arrays.get(array))).dataType();
    }

    /**
     * The rows with these columns.
     *
     * @param group a column that follows as text
     */
    Dataset<Row> select(Dataset<Row> data, FisherSpec spec, Optional<String> group) {
        group.ifPresent(name -> require(name, Arrays.asList(data.schema().fieldNames()), " to group by"));
        List<Column> chosen = new ArrayList<>();
        arrays.values().forEach(column -> chosen.add(column(column).as("array" + chosen.size())));
        if (numbered) {
            chosen.add(number(spec).as("number"));
        }
        boolean placed = isPlaced(data);
        chosen.add((placed ? functions.col("_metadata.file_path") : functions.input_file_name()).as("file"));
        chosen.add((placed ? functions.col("_metadata.row_index") : functions.lit(-1L)).as("row"));
        group.ifPresent(
                name -> chosen.add(column(name).cast(DataTypes.StringType).as(GROUP)));
        return data.select(chosen.toArray(Column[]::new));
    }

    /** A number that does not depend on where the row stands: the labels that are drawn for it are the same anywhere. */
    private Column number(FisherSpec spec) {
        return spec.ids().isEmpty()
                ? functions.xxhash64(
                        arrays.values().stream().map(FedColumns::column).toArray(Column[]::new))
                : column(spec.ids()).cast(DataTypes.LongType);
    }

    /**
     * The selected rows with those of a group one after the other, in an order that does not depend on how they came there.
     *
     * @param selected with a group
     */
    Dataset<Row> grouped(Dataset<Row> selected) {
        Column group = functions.col(GROUP);
        Column[] arrayColumns = IntStream.range(0, arrays.size())
                .mapToObj(i -> functions.col("array" + i))
                .toArray(Column[]::new);
        return selected.repartition(group).sortWithinPartitions(group, functions.xxhash64(arrayColumns));
    }

    /** Whether the data comes straight from files that number their rows. */
    private static boolean isPlaced(Dataset<Row> data) {
        try {
            data.select(functions.col("_metadata.file_path"), functions.col("_metadata.row_index"));
            return true;
        } catch (Exception e) {
            // An AnalysisException, which Scala does not declare.
            return false;
        }
    }

    static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
