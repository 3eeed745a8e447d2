package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.onnx.data.ExampleRows.FileRows;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A data set in one npz file or many, read one after the other as if they were one. The arrays that are taken have one type
 * and one shape of an example in all files; arrays that all examples share are the same in all. Few files are open at once, so
 * there may be as many as a folder holds.
 */
public final class DataFiles implements AutoCloseable {
    private final List<Path> paths;
    private final OpenFiles open;

    private DataFiles(List<Path> paths) {
        this.paths = paths;
        this.open = new OpenFiles(paths);
    }

    /**
     * The files that {@link DataPaths} finds; the first one is opened.
     *
     * @param given files, folders and patterns, at least one
     * @throws SquisherException if there is none, or the first cannot be read
     */
    public static DataFiles open(List<Path> given) {
        DataFiles files = new DataFiles(DataPaths.expand(given));
        files.open.open(0);
        return files;
    }

    /** The files, in order. */
    public List<Path> paths() {
        return paths;
    }

    /**
     * The examples of all files.
     *
     * @param notices told what of the first file is left out, or found on another axis
     * @throws SquisherException if a file cannot be read, or has arrays of other types or shapes than the first
     */
    public Examples examples(TakenArrays taken, Consumer<String> notices) {
        Examples first = open.examples(0, taken, notices);
        if (paths.size() == 1) {
            return first;
        }
        TakenArrays likeFirst = new TakenArrays(taken.model(), taken.labels(), taken.shared(), first.axes());
        List<FileRows> rows = new ArrayList<>();
        long start = 0;
        for (int number = 0; number < paths.size(); number++) {
            Examples examples = number == 0 ? first : open.examples(number, likeFirst, notice -> {});
            first.arrays().forEach((name, array) -> requireLike(first, name, array, examples));
            OtherExamples.requireShared(first, examples);
            rows.add(new FileRows(examples.source(), start, examples.count()));
            start += examples.count();
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        first.arrays()
                .forEach((name, array) -> arrays.put(
                        name, new FileArray(name, array, rows, file -> open.examples(file, likeFirst, notice -> {})
                                .arrays()
                                .get(name))));
        return Examples.of(source(), arrays, first.shared(), rows).withAxes(first.axes());
    }

    private String source() {
        return paths.size() == 2
                ? paths.get(0) + "' and '" + paths.get(1)
                : paths.get(0) + "' and " + (paths.size() - 1) + " more files, to '" + paths.get(paths.size() - 1);
    }

    private static void requireLike(Examples first, String name, Tensor array, Examples others) {
        Tensor other = others.arrays().get(name);
        if (other == null) {
            throw new SquisherException("'" + others.source() + "' has no array '" + name + "', which '"
                    + first.source() + "' has; it has " + others.arrays().keySet());
        }
        if (other.type() != array.type() || !ofExample(other).equals(ofExample(array))) {
            throw new SquisherException("the array '" + name + "' of '" + others.source() + "' is "
                    + TensorSpec.of(other) + ", that of '" + first.source() + "' " + TensorSpec.of(array)
                    + "; in all files of one data set an example has one type and shape");
        }
    }

    private static Shape ofExample(Tensor array) {
        long[] dims = array.shape().dims();
        return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    }

    @Override
    public void close() {
        open.close();
    }
}
