package io.squisher.examples.data;

import io.squisher.onnx.data.Examples;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Images and what they show.
 *
 * @param images {@code [N][pixels]}, each pixel 0 to 1; the rows are shared, not copied
 * @param labels {@code [N]}, from 0
 */
public record LabelledImages(float[][] images, int[] labels) {
    public int size() {
        return labels.length;
    }

    /** Values in an image. */
    public int pixels() {
        return images[0].length;
    }

    /** The images at these positions, in this order. */
    public LabelledImages at(int... positions) {
        float[][] chosenImages = new float[positions.length][];
        int[] chosenLabels = new int[positions.length];
        for (int i = 0; i < positions.length; i++) {
            chosenImages[i] = images[positions[i]];
            chosenLabels[i] = labels[positions[i]];
        }
        return new LabelledImages(chosenImages, chosenLabels);
    }

    /** The images whose label is accepted. */
    public LabelledImages withLabels(IntPredicate wanted) {
        return at(IntStream.range(0, size()).filter(i -> wanted.test(labels[i])).toArray());
    }

    /** The same labels with other images. */
    public LabelledImages mapped(UnaryOperator<float[]> change) {
        return new LabelledImages(Arrays.stream(images).map(change).toArray(float[][]::new), labels);
    }

    /** All pixels one after the other: {@code [N · pixels]}. */
    public float[] flat() {
        float[] flat = new float[size() * pixels()];
        for (int n = 0; n < size(); n++) {
            System.arraycopy(images[n], 0, flat, n * pixels(), pixels());
        }
        return flat;
    }

    /** Labels as rows with a single 1: {@code [N · classes]}. */
    public float[] oneHot(int classes) {
        float[] rows = new float[size() * classes];
        for (int n = 0; n < size(); n++) {
            rows[n * classes + labels[n]] = 1;
        }
        return rows;
    }

    /**
     * The examples as ONNX graphs take them: {@code images} [N, pixels], {@code labels} [N], and {@code logit_offsets}
     * [N, classes], the same row for each example.
     *
     * @param source what to call them in messages
     */
    public Examples toExamples(String source, float... logitOffsets) {
        Map<String, Tensor> arrays = new LinkedHashMap<>(toArrays());
        float[] offsets = new float[size() * logitOffsets.length];
        for (int n = 0; n < size(); n++) {
            System.arraycopy(logitOffsets, 0, offsets, n * logitOffsets.length, logitOffsets.length);
        }
        arrays.put("logit_offsets", Tensor.of(Shape.of(size(), logitOffsets.length), offsets));
        return Examples.of(source, arrays);
    }

    /** {@code images} [N, pixels] and {@code labels} [N]: all that a model from images to logits needs. */
    public Map<String, Tensor> toArrays() {
        return Map.of(
                "images", Tensor.of(Shape.of(size(), pixels()), flat()),
                "labels",
                        Tensor.of(
                                Shape.of(size()),
                                IntStream.of(labels).asLongStream().toArray()));
    }
}
