package io.squisher.spark;

import io.squisher.tensor.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Map;

/**
 * The sums of all parameters, cut into blocks, and which reducer adds which. Reducer 0 gets what stands beside the sums; the
 * blocks follow in their order, about as many for each of the others.
 *
 * @param names the parameters
 * @param sizes their numbers of elements
 * @param blockElements elements of a block; the last one of a parameter has fewer
 * @param reducers all of them, 2 or more
 */
record BlockTable(ArrayList<String> names, ArrayList<Long> sizes, int blockElements, int reducers)
        implements Serializable {
    static BlockTable of(Map<String, Shape> parameters, int blockElements, int reducersOfSums) {
        ArrayList<String> names = new ArrayList<>(parameters.keySet());
        ArrayList<Long> sizes = new ArrayList<>();
        parameters.values().forEach(shape -> sizes.add(shape.size()));
        BlockTable table = new BlockTable(names, sizes, blockElements, 2);
        long most = Math.max(1, Math.min(reducersOfSums, table.blocks()));
        return new BlockTable(names, sizes, blockElements, (int) most + 1);
    }

    private long blocks(int tensor) {
        return (sizes.get(tensor) + blockElements - 1) / blockElements;
    }

    private long blocksBefore(int tensor) {
        long before = 0;
        for (int i = 0; i < tensor; i++) {
            before += blocks(i);
        }
        return before;
    }

    long blocks() {
        return blocksBefore(sizes.size());
    }

    /** The parameter that a block is of, by its number among all. */
    int tensor(long number) {
        int tensor = 0;
        for (long left = number; left >= blocks(tensor); tensor++) {
            left -= blocks(tensor);
        }
        return tensor;
    }

    /** A block's number in its parameter, by that among all. */
    int block(long number) {
        return (int) (number - blocksBefore(tensor(number)));
    }

    /** All elements of all parameters. */
    long elements() {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    /** How many elements a block has. */
    int elements(int tensor, int block) {
        return (int) Math.min(blockElements, sizes.get(tensor) - (long) block * blockElements);
    }

    /** Where a block starts among all sums, in elements. */
    long start(int tensor, int block) {
        long before = 0;
        for (int i = 0; i < tensor; i++) {
            before += sizes.get(i);
        }
        return before + (long) block * blockElements;
    }

    int reducer(BlockKey key) {
        if (!key.isBlock()) {
            return 0;
        }
        long number = blocksBefore(key.tensor()) + key.block();
        return 1 + (int) (number * (reducers - 1) / blocks());
    }
}
