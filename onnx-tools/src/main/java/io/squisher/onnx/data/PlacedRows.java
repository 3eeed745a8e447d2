package io.squisher.onnx.data;

import java.util.List;

/**
 * Examples that follow each other in a file.
 *
 * @param file the file, or what else they are called
 * @param row the first of them there, from 0
 * @param count how many
 */
public record PlacedRows(String file, long row, long count) {
    /** Adds the next example to runs: to the last one where it goes on there, as a new one otherwise. */
    public static void add(List<PlacedRows> runs, String file, long row) {
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).isFollowedBy(file, row)) {
            PlacedRows run = runs.get(last);
            runs.set(last, new PlacedRows(run.file, run.row, run.count + 1));
        } else {
            runs.add(new PlacedRows(file, row, 1));
        }
    }

    private boolean isFollowedBy(String next, long nextRow) {
        return nextRow == row + count && next.equals(file);
    }
}
