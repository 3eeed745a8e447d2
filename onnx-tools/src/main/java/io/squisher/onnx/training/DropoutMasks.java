package io.squisher.onnx.training;

import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.training.graph.TrainableGraph;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws the masks of dropouts. They follow from the seed, the step and the place in the step alone, so that a resumed training
 * draws the same ones, on any number of threads.
 */
final class DropoutMasks {
    private static final int RUN = 4096;
    private static final long STEP_FACTOR = 0x9E3779B97F4A7C15L;
    private static final long MASK_FACTOR = 0xC2B2AE3D27D4EB4FL;
    private static final long RUN_FACTOR = 0x165667B19E3779F9L;

    private final Map<String, TrainableGraph.Mask> masks;
    private final long seed;
    private final Map<String, ByteBuffer> kept = new HashMap<>();

    DropoutMasks(Map<String, TrainableGraph.Mask> masks, long seed) {
        this.masks = masks;
        this.seed = seed;
    }

    /**
     * The masks of one run.
     *
     * @param run a number that no other run of the training has
     * @param rows examples
     */
    Map<String, Tensor> draw(long run, int rows) {
        Map<String, Tensor> drawn = new LinkedHashMap<>();
        int place = 0;
        for (Map.Entry<String, TrainableGraph.Mask> entry : masks.entrySet()) {
            Shape shape = shape(entry.getValue().shape(), rows);
            long start = seed + run * STEP_FACTOR + ++place * MASK_FACTOR;
            drawn.put(
                    entry.getKey(), fill(entry.getKey(), shape, entry.getValue().ratio(), start));
        }
        return drawn;
    }

    private static Shape shape(TensorShape shape, int rows) {
        return Shape.of(shape.dims().stream()
                .mapToLong(dim -> dim.perExample() ? dim.factor() * rows : dim.factor())
                .toArray());
    }

    private Tensor fill(String name, Shape shape, float ratio, long start) {
        int size = Math.toIntExact(shape.size());
        ByteBuffer buffer = kept.get(name);
        if (buffer == null || buffer.capacity() < 4 * size) {
            buffer = ByteBuffer.allocateDirect(Math.multiplyExact(size, 4)).order(ByteOrder.LITTLE_ENDIAN);
            kept.put(name, buffer);
        }
        ByteBuffer target = buffer;
        float scale = 1 / (1 - ratio);
        IntStream.range(0, (size + RUN - 1) / RUN).parallel().forEach(piece -> {
            SplittableRandom random = new SplittableRandom(start + piece * RUN_FACTOR);
            int end = Math.min(size, (piece + 1) * RUN);
            for (int i = piece * RUN; i < end; i++) {
                target.putFloat(4 * i, random.nextDouble() < ratio ? 0 : scale);
            }
        });
        return Tensor.of(ElementType.F32, shape, target.slice(0, 4 * size));
    }
}
