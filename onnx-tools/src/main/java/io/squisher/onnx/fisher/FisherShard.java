package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.onnx.data.Examples;
import io.squisher.proto.Shard;

/**
 * A contiguous part of a data set, which is divided into parts that differ by one example at most.
 *
 * @param number from 1 to {@code count}
 * @param count into how many parts the data is divided
 */
public record FisherShard(int number, int count) {
    public FisherShard {
        if (count < 1 || number < 1 || number > count) {
            throw new SquisherException(
                    "there is no shard " + number + " of " + count + ": shards are counted from 1, up to their number");
        }
    }

    /**
     * As {@code 3/16}.
     *
     * @throws SquisherException if it is no shard
     */
    public static FisherShard parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || !parts[0].matches("[0-9]{1,9}") || !parts[1].matches("[0-9]{1,9}")) {
            throw new SquisherException("takes NUMBER/COUNT, such as 3/16, not '" + text + "'");
        }
        return new FisherShard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /**
     * The examples of this shard, with the numbers that they have in {@code all}.
     *
     * @throws SquisherException if there are fewer examples than shards
     */
    public Examples of(Examples all) {
        if (count > all.count()) {
            throw new SquisherException("'" + all.source() + "' has " + all.count() + " examples, fewer than " + count
                    + " shards; divide it into at most " + all.count());
        }
        long from = start(number - 1, all.count());
        return all.slice(from, start(number, all.count()) - from);
    }

    private long start(int before, long examples) {
        long whole = examples / count;
        return whole * before + Math.min(before, examples % count);
    }

    Shard toProto() {
        return Shard.newBuilder().setNumber(number).setCount(count).build();
    }

    @Override
    public String toString() {
        return number + "/" + count;
    }
}
