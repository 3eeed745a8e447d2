package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class MergedBlocksTest {
    private static Tuple2<String, byte[]> block(int tensor, int block, int partition, double... values) {
        byte[] bytes = new byte[values.length * Double.BYTES];
        MergedBlocks.doubles(bytes).put(values);
        return new Tuple2<>(new BlockKey(tensor, block, partition).text(), bytes);
    }

    private static double[] values(Tuple2<String, byte[]> block) {
        double[] values = new double[block._2().length / Double.BYTES];
        MergedBlocks.doubles(block._2()).get(values);
        return values;
    }

    @Test
    void blocksAreAddedInTheOrderOfPartitions() {
        // 1e16 + 1 + 1 is 1e16 in this order, and 1e16 + 2 in the other.
        List<Tuple2<String, byte[]>> sorted = new ArrayList<>(List.of(
                block(0, 0, 10, 1), block(0, 0, 2, 1), block(0, 0, 0, 1e16), block(0, 1, 2, 5), block(1, 0, 0, 7)));
        sorted.sort(Comparator.comparing(Tuple2::_1));
        List<Tuple2<String, byte[]>> merged = new ArrayList<>();
        new MergedBlocks().call(sorted.iterator()).forEachRemaining(merged::add);
        assertEquals(3, merged.size());
        assertArrayEquals(new double[] {1e16}, values(merged.get(0)));
        assertArrayEquals(new double[] {5}, values(merged.get(1)));
        assertArrayEquals(new double[] {7}, values(merged.get(2)));
    }

    @Test
    void headersAndErrorsPassInTheirOrder() {
        List<Tuple2<String, byte[]>> sorted =
                List.of(block(BlockKey.ERROR, 0, 1), block(BlockKey.HEADER, 0, 0), block(BlockKey.HEADER, 0, 1));
        List<Tuple2<String, byte[]>> merged = new ArrayList<>();
        new MergedBlocks().call(sorted.iterator()).forEachRemaining(merged::add);
        assertEquals(sorted, merged);
        assertEquals(
                new BlockKey(BlockKey.HEADER, 0, 1),
                BlockKey.parse(merged.get(2)._1()));
    }

    private static Map<String, Shape> parameters() {
        Map<String, Shape> parameters = new LinkedHashMap<>();
        parameters.put("a", Shape.of(10));
        parameters.put("b", Shape.of(3, 7));
        parameters.put("c", Shape.of());
        return parameters;
    }

    @Test
    void everyElementIsInOneBlock() {
        BlockTable table = BlockTable.forDriver(parameters(), 4, 64);
        assertEquals(3 + 6 + 1, table.blocks());
        int elements = 0;
        for (int number = 0; number < table.blocks(); number++) {
            assertEquals(elements, table.start(table.tensor(number), table.block(number)));
            elements += table.elements(table.tensor(number), table.block(number));
        }
        assertEquals(10 + 21 + 1, elements);
    }

    @Test
    void reducersGetTheirBlocksInOrder() {
        BlockTable table = BlockTable.forDriver(parameters(), 4, 64);
        assertEquals(1 + 4, table.reducers());
        int[] reducers = IntStream.range(0, 10)
                .map(number -> table.reducer(new BlockKey(table.tensor(number), table.block(number), 0)))
                .toArray();
        assertArrayEquals(new int[] {1, 1, 1, 2, 2, 3, 3, 3, 4, 4}, reducers);
        assertEquals(0, table.reducer(new BlockKey(BlockKey.HEADER, 0, 3)));
        assertEquals(0, table.reducer(new BlockKey(BlockKey.ERROR, 0, 3)));
    }

    @Test
    void filesHoldWholeParameters() {
        BlockTable table = BlockTable.forFiles(parameters(), 4, 64);
        assertEquals(1 + 3, table.reducers());
        assertEquals(1, table.reducer(new BlockKey(0, 2, 0)));
        assertEquals(1, table.reducer(new BlockKey(1, 0, 0)));
        assertEquals(List.of("a", "b"), table.of(1).names());
        assertEquals(List.of(), table.of(2).names());
        assertEquals(List.of("c"), table.of(3).names());
    }
}
