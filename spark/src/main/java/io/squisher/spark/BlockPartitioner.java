package io.squisher.spark;

import java.util.Objects;
import org.apache.spark.Partitioner;

/** Sends each block to its reducer. */
final class BlockPartitioner extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final BlockTable table;

    BlockPartitioner(BlockTable table) {
        this.table = table;
    }

    @Override
    public int numPartitions() {
        return table.reducers();
    }

    @Override
    public int getPartition(Object key) {
        return table.reducer(BlockKey.parse((String) key));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockPartitioner same && table.equals(same.table);
    }

    @Override
    public int hashCode() {
        return Objects.hash(table);
    }
}
