package io.squisher.onnx.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Which rows of arrays are the examples, what their numbers are, and which files the rows came from.
 *
 * @param files the files behind the arrays, in order
 * @param start the first row
 * @param count how many rows, at least 1
 * @param shift what is added to a row to make the example's number
 * @param ids the array with the numbers, where they stand in the data
 */
record ExampleRows(List<FileRows> files, long start, long count, long shift, Optional<String> ids) {
    /**
     * Rows that came from one file, where they follow each other.
     *
     * @param first the first of them in the arrays
     * @param row the first of them in the file
     */
    record FileRows(String name, long first, long count, long row) {
        FileRows(String name, long first, long count) {
            this(name, first, count, 0);
        }
    }

    /** All rows of one file. */
    static ExampleRows of(String source, long count) {
        return of(List.of(new FileRows(source, 0, count)));
    }

    /** All rows of some files. */
    static ExampleRows of(List<FileRows> files) {
        long count = files.stream().mapToLong(FileRows::count).sum();
        return new ExampleRows(List.copyOf(files), 0, count, 0, Optional.empty());
    }

    ExampleRows slice(long from, long many) {
        if (many < 1) {
            throw new IndexOutOfBoundsException(many + " examples");
        }
        Objects.checkFromIndexSize(from, many, count);
        return new ExampleRows(files, start + from, many, shift, ids);
    }

    ExampleRows numberedFrom(long first) {
        return new ExampleRows(files, start, count, first - start, Optional.empty());
    }

    ExampleRows numberedBy(String array) {
        return new ExampleRows(files, start, count, 0, Optional.of(array));
    }

    /** The same rows, which came from elsewhere. */
    ExampleRows placed(List<PlacedRows> runs) {
        List<FileRows> placed = new ArrayList<>();
        long at = start;
        for (PlacedRows run : runs) {
            placed.add(new FileRows(run.file(), at, run.count(), run.row()));
            at += run.count();
        }
        if (at != start + count) {
            throw new IllegalArgumentException(at - start + " places of " + count + " examples");
        }
        return new ExampleRows(placed, start, count, shift, ids);
    }

    /** The numbers of examples {@code from} to {@code from + many}; beyond the last the first follow. */
    long[] numbers(long from, int many) {
        return LongStream.range(from, from + many)
                .map(row -> start + row % count + shift)
                .toArray();
    }

    /** A text that is another for other files, or another part of them. */
    String identity() {
        return Integer.toHexString(files.hashCode()) + " from " + start + ", " + count
                + ids.map(array -> ", by " + array).orElse(shift == 0 ? "" : ", numbered from " + (start + shift));
    }

    /** The file of an example, and its row there. */
    ExamplePlace place(long example) {
        long row = start + example;
        FileRows file = files.stream()
                .filter(rows -> row < rows.first() + rows.count())
                .findFirst()
                .orElseThrow(() -> new IndexOutOfBoundsException("example " + example + " of " + count));
        return new ExamplePlace(file.name(), row - file.first() + file.row());
    }

    /** As {@code row 3 of 'a.npz'}, or {@code rows 60 to 63 of 'a.npz' and 0 to 12 of 'b.npz'}. */
    String describe(long from, long many) {
        long first = start + from;
        long end = first + many;
        List<String> places = new ArrayList<>();
        for (FileRows file : files) {
            long low = Math.max(first, file.first()) - file.first() + file.row();
            long high = Math.min(end, file.first() + file.count()) - file.first() + file.row();
            if (low < high) {
                places.add((high - low == 1 ? "" + low : low + " to " + (high - 1)) + " of '" + file.name() + "'");
            }
        }
        if (places.size() > 2) {
            places = List.of(places.get(0), "up to " + places.get(places.size() - 1));
            return "rows " + String.join(" ", places);
        }
        return (many == 1 ? "row " : "rows ") + String.join(" and ", places);
    }
}
