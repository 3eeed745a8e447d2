package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.onnx.data.ExampleRows.FileRows;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;

/** One array of a data set in several files: the rows of one file after those of the other. */
final class FileArray implements Tensor {
    private final String name;
    private final ElementType type;
    private final Shape shape;
    private final List<FileRows> files;
    private final IntFunction<Tensor> opener;
    private final long rowBytes;

    /**
     * @param first that of one file: the others have the same but for the number of rows
     * @param opener gives the array of a file
     */
    FileArray(String name, Tensor first, List<FileRows> files, IntFunction<Tensor> opener) {
        this.name = name;
        this.type = first.type();
        long[] dims = first.shape().dims();
        this.rowBytes = first.byteSize() / dims[0];
        dims[0] = files.stream().mapToLong(FileRows::count).sum();
        this.shape = Shape.of(dims);
        this.files = List.copyOf(files);
        this.opener = opener;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public synchronized void readBytes(long offset, ByteBuffer target) {
        int limit = target.limit();
        long at = offset;
        while (target.position() < limit) {
            int number = fileOf(at / rowBytes);
            FileRows rows = files.get(number);
            long within = at - rows.first() * rowBytes;
            int count = (int) Math.min(limit - target.position(), rows.count() * rowBytes - within);
            target.limit(target.position() + count);
            array(number).readBytes(within, target);
            target.limit(limit);
            at += count;
        }
    }

    private int fileOf(long row) {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (files.get(middle).first() <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Asked for each time: the file may have been closed for others since. */
    private Tensor array(int number) {
        Tensor array = opener.apply(number);
        if (array == null
                || array.type() != type
                || array.shape().dim(0) != files.get(number).count()) {
            throw new SquisherException("'" + files.get(number).name()
                    + "' has changed since it was opened: its array '" + name + "' is another");
        }
        return array;
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
