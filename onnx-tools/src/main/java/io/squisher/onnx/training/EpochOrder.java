package io.squisher.onnx.training;

import io.squisher.onnx.training.StepSession.RowRange;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The steps of an epoch: each set of data is shuffled and cut into batches, and those of all sets are shuffled. It follows from
 * seed and epoch alone.
 *
 * @param steps each of one or more batches
 */
record EpochOrder(List<List<Batch>> steps) {
    private static final long EPOCH_FACTOR = 0x9E3779B97F4A7C15L;

    /**
     * Some examples of one set of data.
     *
     * @param data number of the set
     */
    record Batch(int data, RowRange rows) {}

    static EpochOrder of(List<TrainingData> sets, LoopChoice loop, int epoch) {
        SplittableRandom random = new SplittableRandom(loop.seed() + epoch * EPOCH_FACTOR);
        List<Batch> batches = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            TrainingData data = sets.get(set);
            data.shuffle(random);
            for (int from = 0; from < data.count(); from += loop.batchSize()) {
                batches.add(new Batch(set, new RowRange(from, Math.min(loop.batchSize(), data.count() - from))));
            }
        }
        if (sets.size() > 1) {
            for (int i = batches.size() - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                batches.set(i, batches.set(j, batches.get(i)));
            }
        }
        List<List<Batch>> steps = new ArrayList<>();
        for (int from = 0; from < batches.size(); from += loop.accumulate()) {
            steps.add(List.copyOf(batches.subList(from, Math.min(batches.size(), from + loop.accumulate()))));
        }
        return new EpochOrder(steps);
    }

    /** How many steps an epoch has. */
    static long steps(List<TrainingData> sets, LoopChoice loop) {
        long batches = sets.stream()
                .mapToLong(data -> (data.count() + loop.batchSize() - 1L) / loop.batchSize())
                .sum();
        return (batches + loop.accumulate() - 1) / loop.accumulate();
    }
}
