package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    private final long count;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();

    private Examples(
            String source,
            Map<String, Tensor> arrays,
            Map<String, Tensor> shared,
            Map<String, Integer> axes,
            long count) {
        this.source = source;
        this.axes = Map.copyOf(axes);
        this.shared = Map.copyOf(shared);
        this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        this.count = count;
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
        return new Examples(source, arrays, common, Map.of(), count(source, arrays));
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
                throw new SquisherException("array '" + first + "' of '" + source + "' has " + count
                        + " examples, array '" + entry.getKey() + "' has " + shape.dim(0)
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

    /** The arrays by name: {@code [N, …]}. */
    public Map<String, Tensor> arrays() {
        return arrays;
    }

    /** The number of examples, N. */
    public long count() {
        return count;
    }

    /** The first {@code limit} examples, or all where there are fewer. */
    public Examples limit(long limit) {
        if (limit < 1) {
            throw new SquisherException("a limit of examples is at least 1, not " + limit);
        }
        return new Examples(source, arrays, shared, axes, Math.min(count, limit));
    }

    /**
     * The same arrays for a model that counts examples on other axes than its first.
     *
     * @param modelAxes by name of an input or output of the model, the axis that counts examples there; the arrays
     *     have theirs first all the same
     */
    public Examples withAxes(Map<String, Integer> modelAxes) {
        return new Examples(source, arrays, shared, modelAxes, count);
    }

    /** By name of an input or output of the model, the axis that counts examples there, as far as it was said. */
    public Map<String, Integer> axes() {
        return axes;
    }

    /**
     * Examples {@code from} to {@code from + rows} of one array, converted to {@code type}. Beyond the last example the
     * first ones follow, so that a batch can be larger than the data. The result may be overwritten by the array's next batch.
     */
    public Tensor batch(String name, long from, int rows, ElementType type) {
        Tensor array = arrays.get(name);
        long[] dims = array.shape().dims();
        dims[0] = rows;
        Shape shape = Shape.of(dims);
        long rowElements = shape.size() / rows;
        int rowBytes = Math.toIntExact(rowElements * array.type().bytes());
        Optional<ByteBuffer> inPlace = type == array.type() && from + rows <= count
                ? array.view(from * rowBytes, Math.multiplyExact(rowBytes, rows))
                        .filter(bytes -> isRunnable(bytes, type))
                : Optional.empty();
        if (inPlace.isPresent()) {
            return Tensor.of(type, shape, inPlace.get());
        }
        ByteBuffer raw = kept(name, Math.multiplyExact(rowBytes, rows));
        for (int row = 0; row < rows; ) {
            long start = (from + row) % count;
            int run = (int) Math.min(rows - row, count - start);
            raw.limit((row + run) * rowBytes);
            array.readBytes(start * rowBytes, raw);
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
        ByteBuffer buffer = buffers.get(name);
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes);
            buffers.put(name, buffer);
        }
        return buffer.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
