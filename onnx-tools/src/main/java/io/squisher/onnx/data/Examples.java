package io.squisher.onnx.data;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.onnx.data.ExampleRows.FileRows;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Named arrays whose leading axis counts examples; read a batch at a time, into buffers that are kept: memory taken anew for
 * every batch costs more than reading. Not for several threads at once.
 */
public final class Examples {
    private final String source;
    private final Map<String, Tensor> arrays;
    private final Map<String, Tensor> shared;
    private final Map<String, Integer> axes;
    private final ExampleRows rows;
    private final Map<String, ByteBuffer> buffers;
    private final int beside;

    private Examples(String source, Map<String, Tensor> arrays, Map<String, Tensor> shared, ExampleRows rows) {
        this.source = source;
        this.axes = Map.of();
        this.shared = Map.copyOf(shared);
        this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        this.rows = rows;
        this.buffers = new HashMap<>();
        this.beside = 0;
    }

    /** Others of the same arrays; they share the buffers. */
    private Examples(Examples all, Map<String, Integer> axes, ExampleRows rows) {
        this(all, axes, rows, all.beside);
    }

    private Examples(Examples all, Map<String, Integer> axes, ExampleRows rows, int beside) {
        this.source = all.source;
        this.axes = Map.copyOf(axes);
        this.shared = all.shared;
        this.arrays = all.arrays;
        this.rows = rows;
        this.buffers = all.buffers;
        this.beside = beside;
    }

    /**
     * Examples of the given arrays.
     *
     * @param source what to call them in messages: a file name
     * @throws SquisherException if there is none, one has no axis, or they differ in their number of examples
     */
    public static Examples of(String source, Map<String, Tensor> arrays) {
        return of(source, arrays, Set.of());
    }

    /**
     * Examples of some arrays, with others that have no axis of examples.
     *
     * @param shared the names of those that are the same for all examples
     */
    public static Examples of(String source, Map<String, Tensor> all, Set<String> shared) {
        Map<String, Tensor> common = new LinkedHashMap<>();
        for (String name : shared) {
            if (!all.containsKey(name)) {
                throw new SquisherException("'" + source + "' has no array '" + name + "'"
                        + Suggestions.didYouMean(name, all.keySet()) + "; it has " + all.keySet());
            }
            common.put(name, all.get(name));
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>(all);
        arrays.keySet().removeAll(shared);
        return new Examples(source, arrays, common, ExampleRows.of(source, count(source, arrays)));
    }

    /** Examples of arrays that hold the rows of several files. */
    static Examples of(String source, Map<String, Tensor> arrays, Map<String, Tensor> shared, List<FileRows> files) {
        return new Examples(source, arrays, shared, ExampleRows.of(files));
    }

    private static long count(String source, Map<String, Tensor> arrays) {
        long count = -1;
        String first = null;
        for (Map.Entry<String, Tensor> entry : arrays.entrySet()) {
            Shape shape = entry.getValue().shape();
            if (shape.rank() == 0) {
                throw new SquisherException("array '" + entry.getKey() + "' of '" + source
                        + "' has no axis of examples; name it with --shared if all examples share it");
            }
            if (count >= 0 && shape.dim(0) != count) {
                throw new SquisherException(
                        "array '" + first + "' of '" + source + "' has " + Counted.of(count, "example")
                                + ", array '" + entry.getKey() + "' has " + shape.dim(0)
                                + "; arrays that all examples share are named with --shared");
            }
            count = shape.dim(0);
            first = entry.getKey();
        }
        if (count <= 0) {
            throw new SquisherException("'" + source + "' has no examples");
        }
        return count;
    }

    /** The arrays without an axis of examples, by name. */
    public Map<String, Tensor> shared() {
        return shared;
    }

    /** Where they come from, for messages. */
    public String source() {
        return source;
    }

    /** The arrays by name, all of them whatever part these examples are: {@code [N, …]}. */
    public Map<String, Tensor> arrays() {
        return arrays;
    }

    /** The number of examples. */
    public long count() {
        return rows.count();
    }

    /** A short text that is another for other files or other parts of them. */
    public String identity() {
        return rows.identity();
    }

    /** Where some examples stand, for messages: {@code rows 64 to 127 of 'data.npz'}. */
    public String describe(long from, long many) {
        return rows.describe(from, many);
    }

    /** Where an example stands: its file, and its row there. */
    public ExamplePlace place(long example) {
        return rows.place(example);
    }

    /**
     * Examples {@code from} to {@code from + many}, counted among these. They keep their numbers.
     *
     * @throws IndexOutOfBoundsException if there are not so many, or {@code many} is below 1
     */
    public Examples slice(long from, long many) {
        return new Examples(this, axes, rows.slice(from, many));
    }

    /**
     * The same examples, which came from elsewhere: what messages say of them.
     *
     * @param runs of as many examples as these
     */
    public Examples placed(List<PlacedRows> runs) {
        return new Examples(this, axes, rows.placed(runs));
    }

    /**
     * The same examples, read into other buffers: a batch of these leaves batches of the others as they are.
     *
     * @param which of several; the same one has the same buffers
     */
    public Examples beside(int which) {
        return new Examples(this, axes, rows, which);
    }

    /**
     * The same examples, the first of which has the number {@code first}. Labels that are drawn for an example depend on its
     * number, which is its row unless it is said.
     */
    public Examples numberedFrom(long first) {
        return new Examples(this, axes, rows.numberedFrom(first));
    }

    /**
     * The same examples with numbers that stand in the data.
     *
     * @param ids an array {@code [N]} of whole numbers
     * @throws SquisherException if there is none of that name, or it is another array
     */
    public Examples numberedBy(String ids) {
        Tensor array = arrays.get(ids);
        if (array == null) {
            throw new SquisherException("'" + source + "' has no array '" + ids + "' with the numbers of examples"
                    + Suggestions.didYouMean(ids, arrays.keySet()) + "; it has " + arrays.keySet());
        }
        if (array.type().isFloating() || array.size() != array.shape().dim(0)) {
            throw new SquisherException("the array '" + ids + "' of '" + source + "' is " + TensorSpec.of(array)
                    + "; numbers of examples are whole numbers, one each");
        }
        return new Examples(this, axes, rows.numberedBy(ids));
    }

    /** The numbers of examples {@code from} to {@code from + many}. */
    public long[] numbers(long from, int many) {
        return rows.ids()
                .map(ids -> batch(ids, from, many, ElementType.I64).toLongs())
                .orElseGet(() -> rows.numbers(from, many));
    }

    /** The first {@code limit} examples, or all where there are fewer. */
    public Examples limit(long limit) {
        if (limit < 1) {
            throw new SquisherException("a limit of examples is at least 1, not " + limit);
        }
        return slice(0, Math.min(count(), limit));
    }

    /**
     * The same arrays for a model that counts examples on other axes than its first.
     *
     * @param modelAxes by name of an input or output of the model, the axis that counts examples there; the arrays
     *     have theirs first all the same
     */
    public Examples withAxes(Map<String, Integer> modelAxes) {
        return new Examples(this, modelAxes, rows);
    }

    /** By name of an input or output of the model, the axis that counts examples there, as far as it was said. */
    public Map<String, Integer> axes() {
        return axes;
    }

    /**
     * Examples {@code from} to {@code from + rows} of one array, converted to {@code type}. Beyond the last example the
     * first ones follow, so that a batch can be larger than the data. The result may be overwritten by the array's next batch.
     */
    public Tensor batch(String name, long from, int many, ElementType type) {
        Tensor array = arrays.get(name);
        long[] dims = array.shape().dims();
        dims[0] = many;
        Shape shape = Shape.of(dims);
        long rowElements = shape.size() / many;
        int rowBytes = Math.toIntExact(rowElements * array.type().bytes());
        Optional<ByteBuffer> inPlace = type == array.type() && from + many <= count()
                ? array.view((rows.start() + from) * rowBytes, Math.multiplyExact(rowBytes, many))
                        .filter(bytes -> isRunnable(bytes, type))
                : Optional.empty();
        if (inPlace.isPresent()) {
            return Tensor.of(type, shape, inPlace.get());
        }
        ByteBuffer raw = kept(name, Math.multiplyExact(rowBytes, many));
        for (int row = 0; row < many; ) {
            long at = (from + row) % count();
            int run = (int) Math.min(many - row, count() - at);
            raw.limit((row + run) * rowBytes);
            array.readBytes((rows.start() + at) * rowBytes, raw);
            row += run;
        }
        raw.flip();
        return Tensor.of(
                type, shape, type == array.type() ? raw : converted(name, array.type(), type, raw, shape.size()));
    }

    /** Whether ONNX Runtime can read elements where they are: outside the heap, and at multiples of their size. */
    private static boolean isRunnable(ByteBuffer bytes, ElementType type) {
        return bytes.isDirect() && bytes.alignmentOffset(0, type.bytes()) == 0;
    }

    private ByteBuffer converted(String name, ElementType from, ElementType to, ByteBuffer raw, long size) {
        ByteBuffer result = kept(name + " as " + to, Math.toIntExact(size * to.bytes()));
        ElementConversion.convert(from, raw, to, result, Math.toIntExact(size));
        return result;
    }

    private ByteBuffer kept(String name, int bytes) {
        String key = beside + " " + name;
        ByteBuffer buffer = buffers.get(key);
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes);
            buffers.put(key, buffer);
        }
        return buffer.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
