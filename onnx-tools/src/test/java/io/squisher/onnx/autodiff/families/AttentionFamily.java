package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.tensor.ElementType;

/** Attention and RotaryEmbedding of opset 23. */
final class AttentionFamily {
    private AttentionFamily() {}

    static OneNodeModel attention(Draw d) {
        return d.between(0, 3) == 0 ? rotary(d) : scores(d);
    }

    private static OneNodeModel scores(Draw d) {
        int batch = d.between(1, 2);
        int keyHeads = d.between(1, 2);
        int queryHeads = keyHeads * d.between(1, 2);
        int size = d.between(2, 4);
        int valueSize = d.between(2, 4);
        int queries = d.between(1, 3);
        int keys = d.between(1, 4);
        OneNodeModel model = op("Attention", 23);
        if (d.coin()) {
            model.input(d.normal(batch, queryHeads, queries, size))
                    .input(d.normal(batch, keyHeads, keys, size))
                    .input(d.normal(batch, keyHeads, keys, valueSize));
        } else {
            model.input(d.normal(batch, queries, queryHeads * size))
                    .input(d.normal(batch, keys, keyHeads * size))
                    .input(d.normal(batch, keys, keyHeads * valueSize))
                    .with("q_num_heads", queryHeads)
                    .with("kv_num_heads", keyHeads);
        }
        switch (d.between(0, 3)) {
            case 0 -> model.input(d.normal(d.oneOf(new int[] {queries, keys}, new int[] {batch, 1, queries, keys})));
            case 1 -> {
                long[] truths = d.integers(0, 1, queries, keys).longs().clone();
                for (int query = 0; query < queries; query++) {
                    truths[query * keys + d.between(0, keys - 1)] = 1;
                }
                model.input(Value.of(ElementType.BOOL, new int[] {queries, keys}, truths));
            }
            case 2 -> model.with("is_causal", 1);
            default -> {}
        }
        if (d.coin()) {
            model.with("scale", d.real(0.2, 1));
        }
        return d.between(0, 2) == 0 ? model.with("softcap", d.real(0.5, 3)) : model;
    }

    private static OneNodeModel rotary(Draw d) {
        int batch = d.between(1, 2);
        int heads = d.between(1, 3);
        int steps = d.between(1, 3);
        int size = 2 * d.between(2, 3);
        boolean partly = d.coin();
        int turned = partly ? 2 * d.between(1, size / 2 - 1) : size;
        OneNodeModel model = op("RotaryEmbedding", 23);
        if (d.coin()) {
            model.input(d.normal(batch, heads, steps, size)).with("num_heads", heads);
        } else {
            model.input(d.normal(batch, steps, heads * size)).with("num_heads", heads);
        }
        if (d.coin()) {
            model.input(d.normal(batch, steps, turned / 2)).input(d.normal(batch, steps, turned / 2));
        } else {
            model.input(d.normal(5, turned / 2)).input(d.normal(5, turned / 2)).input(d.integers(0, 4, batch, steps));
        }
        if (partly) {
            model.with("rotary_embedding_dim", turned);
        }
        return model.with("interleaved", d.between(0, 1));
    }
}
