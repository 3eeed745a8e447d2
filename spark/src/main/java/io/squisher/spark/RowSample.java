package io.squisher.spark;

import io.squisher.onnx.data.Examples;
import io.squisher.spark.RowLayout.ColumnLayout;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The first few rows, with which every machine makes the same plan.
 *
 * @param arrays the bytes of each column's values
 */
record RowSample(RowLayout layout, int rows, ArrayList<byte[]> arrays, byte[] ids) implements Serializable {
    /** So many are sent: no size of a model's, so that the axis that counts them is told from others. */
    static final int SENT = 7;

    /** The first of them. */
    RowSample sent() {
        if (rows <= SENT) {
            return this;
        }
        ArrayList<byte[]> first = new ArrayList<>();
        for (int i = 0; i < arrays.size(); i++) {
            first.add(java.util.Arrays.copyOf(
                    arrays.get(i), layout.columns().get(i).bytes() * SENT));
        }
        return new RowSample(
                layout, SENT, first, java.util.Arrays.copyOf(ids, Math.min(ids.length, SENT * Long.BYTES)));
    }

    Examples examples(String source, Map<String, Integer> axes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < arrays.size(); i++) {
            ColumnLayout column = layout.columns().get(i);
            tensors.put(
                    column.array(),
                    Tensor.of(column.reader().element(), column.shape(rows), ByteBuffer.wrap(arrays.get(i))));
        }
        if (layout.numbered()) {
            tensors.put(FisherSpec.IDS, Tensor.of(ElementType.I64, Shape.of(rows), ByteBuffer.wrap(ids)));
        }
        Examples unnumbered = Examples.of(source, tensors, Set.of()).withAxes(axes);
        return layout.numbered() ? unnumbered.numberedBy(FisherSpec.IDS) : unnumbered;
    }
}
