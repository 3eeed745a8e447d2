package io.squisher.spark;

import io.squisher.tensor.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Map;

/**
 * The sums of all parameters, cut into blocks, and which reducer adds which. Reducer 0 gets what stands beside the sums; the
 * blocks follow in their order, about as many for each of the others, or all of a parameter for one where reducers write it.
 *
 * @param names the parameters
 * @param sizes their numbers of elements
 * @param blockElements elements of a block; the last one of a parameter has fewer
 * @param reducers all of them, 2 or more
 * @param isDivided whether the blocks of one parameter may go to several reducers
 */
record BlockTable(ArrayList<String> names, ArrayList<Long> sizes, int blockElements, int reducers, boolean isDivided)
        implements Serializable {
    /** For a driver that takes all sums, so many bytes at once. */
    static BlockTable forDriver(Map<String, Shape> parameters, int blockElements, long bytesAtOnce) {
        BlockTable table = of(parameters, blockElements, true);
        return table.with((int) Math.min(table.blocks(), table.parts(bytesAtOnce)));
    }

    /** For reducers that write files, each of about so many bytes of sums. */
    static BlockTable forFiles(Map<String, Shape> parameters, int blockElements, long bytesOfFile) {
        BlockTable table = of(parameters, blockElements, false);
        return table.with((int) Math.min(parameters.size(), table.parts(bytesOfFile)));
    }

    private static BlockTable of(Map<String, Shape> parameters, int blockElements, boolean isDivided) {
        ArrayList<String> names = new ArrayList<>(parameters.keySet());
        ArrayList<Long> sizes = new ArrayList<>();
        parameters.values().forEach(shape -> sizes.add(shape.size()));
        return new BlockTable(names, sizes, blockElements, 2, isDivided);
    }

    private long parts(long bytes) {
        return (elements() * Double.BYTES + bytes - 1) / bytes;
    }

    private BlockTable with(int reducersOfSums) {
        return new BlockTable(names, sizes, blockElements, Math.max(1, reducersOfSums) + 1, isDivided);
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
        if (!isDivided) {
            return reducer(key.tensor());
        }
        long number = blocksBefore(key.tensor()) + key.block();
        return 1 + (int) (number * (reducers - 1) / blocks());
    }

    /** Who gets all of a parameter, where it is not divided: by where it starts. */
    private int reducer(int tensor) {
        return 1 + (int) (start(tensor, 0) / (double) elements() * (reducers - 1));
    }

    /** The parameters that one reducer gets, where they are not divided. */
    BlockTable of(int reducer) {
        ArrayList<String> chosen = new ArrayList<>();
        ArrayList<Long> chosenSizes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (reducer(i) == reducer) {
                chosen.add(names.get(i));
                chosenSizes.add(sizes.get(i));
            }
        }
        return new BlockTable(chosen, chosenSizes, blockElements, 2, false);
    }
}
