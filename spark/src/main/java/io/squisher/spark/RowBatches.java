package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.PlacedRows;
import io.squisher.spark.RowLayout.ColumnLayout;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Turns selected rows into examples, piece by piece, in buffers that are kept. */
final class RowBatches {
    private final RowLayout layout;
    private final int capacity;
    private final String unplaced;
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final ByteBuffer ids;
    private final Examples all;
    private final List<PlacedRows> places = new ArrayList<>();
    private UTF8String lastFile;
    private String lastName;
    private int rows;
    private long seen;

    /**
     * @param capacity rows of a piece, 1 or more
     * @param unplaced what rows are called that are in no file
     */
    RowBatches(RowLayout layout, Map<String, Integer> axes, int capacity, String unplaced) {
        this.layout = layout;
        this.capacity = capacity;
        this.unplaced = unplaced;
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        for (ColumnLayout column : layout.columns()) {
            ByteBuffer buffer = buffer(column.bytes());
            buffers.add(buffer);
            arrays.put(column.array(), Tensor.of(column.reader().element(), column.shape(capacity), buffer));
        }
        ids = layout.numbered() ? buffer(Long.BYTES) : ByteBuffer.allocate(0);
        if (layout.numbered()) {
            arrays.put(FisherSpec.IDS, Tensor.of(ElementType.I64, Shape.of(capacity), ids));
        }
        Examples unnumbered =
                Examples.of("the columns " + layout.names(), arrays, Set.of()).withAxes(axes);
        all = layout.numbered() ? unnumbered.numberedBy(FisherSpec.IDS) : unnumbered;
    }

    private ByteBuffer buffer(int bytesOfRow) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(bytesOfRow, capacity))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Forgets the rows of the last piece. */
    void start() {
        rows = 0;
        places.clear();
        buffers.forEach(ByteBuffer::clear);
        ids.clear();
    }

    boolean isFull() {
        return rows == capacity;
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /**
     * Adds a row.
     *
     * @throws SquisherException if a value is missing or of another size than the layout says, with the file and the row
     */
    void add(InternalRow row) {
        int at = layout.file();
        String file = file(row, at);
        long inFile = row.isNullAt(at + 1) || row.getLong(at + 1) < 0 ? seen : row.getLong(at + 1);
        for (int i = 0; i < layout.columns().size(); i++) {
            ColumnLayout column = layout.columns().get(i);
            if (row.isNullAt(i)) {
                throw new SquisherException(where(column, file, inFile) + " is null");
            }
            try {
                column.reader().copy(row, i, buffers.get(i), column.elements());
            } catch (SquisherException e) {
                throw new SquisherException(
                        where(column, file, inFile) + " " + e.getMessage() + "; all examples have the same shape", e);
            } catch (IndexOutOfBoundsException e) {
                throw new SquisherException(where(column, file, inFile) + " is no vector of Spark ML", e);
            }
        }
        if (layout.numbered()) {
            if (row.isNullAt(at - 1)) {
                throw new SquisherException("row " + inFile + " of '" + file + "': the number of the example is null");
            }
            ids.putLong(row.getLong(at - 1));
        }
        PlacedRows.add(places, file, inFile);
        rows++;
        seen++;
    }

    private static String where(ColumnLayout column, String file, long row) {
        return "row " + row + " of '" + file + "': the column '" + column.column() + "'";
    }

    /** Rows that follow each other are mostly of one file. */
    private String file(InternalRow row, int at) {
        UTF8String file = row.isNullAt(at) ? UTF8String.EMPTY_UTF8 : row.getUTF8String(at);
        if (!file.equals(lastFile)) {
            lastFile = file.clone();
            lastName = file.numBytes() == 0 ? unplaced : FileNames.shown(file.toString());
        }
        return lastName;
    }

    /** The rows since the start; at least one. They are overwritten after the next. */
    Examples piece() {
        return all.slice(0, rows).placed(places);
    }

    /** The same as copies, for other machines. */
    RowSample sample() {
        List<byte[]> copies = new ArrayList<>();
        for (ByteBuffer buffer : buffers) {
            copies.add(copied(buffer));
        }
        return new RowSample(layout, rows, new ArrayList<>(copies), copied(ids));
    }

    private static byte[] copied(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.position()];
        buffer.get(0, copy);
        return copy;
    }
}
