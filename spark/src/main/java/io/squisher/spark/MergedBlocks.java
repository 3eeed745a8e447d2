package io.squisher.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/** Adds the blocks of all partitions in the partitions' order, one block in memory at a time. What is no block passes. */
final class MergedBlocks implements FlatMapFunction<Iterator<Tuple2<String, byte[]>>, Tuple2<String, byte[]>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Tuple2<String, byte[]>> call(Iterator<Tuple2<String, byte[]>> sorted) {
        return new Merging(sorted);
    }

    private static final class Merging implements Iterator<Tuple2<String, byte[]>> {
        private final Iterator<Tuple2<String, byte[]>> sorted;
        private Tuple2<String, byte[]> next;

        Merging(Iterator<Tuple2<String, byte[]>> sorted) {
            this.sorted = sorted;
            advance();
        }

        private void advance() {
            next = sorted.hasNext() ? sorted.next() : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Tuple2<String, byte[]> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Tuple2<String, byte[]> first = next;
            BlockKey key = BlockKey.parse(first._1());
            advance();
            if (!key.isBlock() || next == null || !BlockKey.parse(next._1()).isSameBlock(key)) {
                return first;
            }
            // A copy: the first may be Spark's, which hands it out again.
            byte[] sum = first._2().clone();
            DoubleBuffer sums = doubles(sum);
            while (next != null && BlockKey.parse(next._1()).isSameBlock(key)) {
                DoubleBuffer added = doubles(next._2());
                for (int i = 0; i < sums.capacity(); i++) {
                    sums.put(i, sums.get(i) + added.get(i));
                }
                advance();
            }
            return new Tuple2<>(first._1(), sum);
        }
    }

    static DoubleBuffer doubles(byte... bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    }
}
