package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;
import java.util.List;

/**
 * RotaryEmbedding: turns pairs (a, b) of the first numbers of each head by an angle of their position, to (a cos - b sin,
 * a sin + b cos). Pairs are the two halves, or neighbours with {@code interleaved} (Su et al. 2021, "RoFormer").
 */
final class RotaryDecomposition {
    private RotaryDecomposition() {}

    /** The standard's, of opset 23: inputs X, caches, positions. */
    static void standard(Decomposition d) {
        String cos = d.has(3) ? d.op("Gather", d.in(1), d.in(3)) : d.in(1);
        String sin = d.has(3) ? d.op("Gather", d.in(2), d.in(3)) : d.in(2);
        turn(d, cos, sin);
    }

    /** ONNX Runtime's: inputs X, positions [batch, steps] or the first one alone, caches. */
    static void microsoft(Decomposition d) {
        if (d.attributes().integer("is_packed_batching", 0) != 0) {
            throw d.refuse("packs examples of several lengths into one row; export the model without packing");
        }
        String positions = d.in(1);
        if (d.rank(positions, "positions") < 2) {
            int rank = d.rank(d.in(0), "input");
            String steps = d.dims(d.in(0), rank - 2, rank - 1);
            String first = d.op("Squeeze", rank == 3 ? d.dims(d.in(0), 1, 2) : steps);
            String range = d.op("Range", d.integer("zero", 0), first, d.integer("one", 1));
            positions = d.unsqueeze(d.op("Add", range, d.reshape(positions, 1)), 0);
        }
        turn(d, d.op("Gather", d.in(2), positions), d.op("Gather", d.in(3), positions));
    }

    /** cos and sin: [batch, steps, pairs]. */
    private static void turn(Decomposition d, String cos, String sin) {
        boolean flat = d.rank(d.in(0), "input") == 3;
        String x = flat ? d.reshape(d.in(0), 0, 0, heads(d), headSize(d)) : d.in(0);
        // Heads stand behind the steps in flat inputs, before them in others.
        long headAxis = flat ? 2 : 1;
        String angleCos = d.unsqueeze(cos, headAxis);
        String angleSin = d.unsqueeze(sin, headAxis);
        long turned = d.attributes().integer("rotary_embedding_dim", 0);
        String rotating = turned == 0 ? x : range(d, x, 0, turned, 1);
        String rotated = pairs(d, rotating, angleCos, angleSin);
        String y = turned == 0
                ? rotated
                : d.op("Concat", Attributes.NONE.with("axis", -1L), rotated, range(d, x, turned, Integer.MAX_VALUE, 1));
        if (flat) {
            d.result("Reshape", y, d.integers("shape", 0, 0, -1));
        } else {
            d.result("Identity", y);
        }
    }

    private static String pairs(Decomposition d, String x, String cos, String sin) {
        boolean interleaved = d.attributes().integer("interleaved", 0) != 0;
        String a;
        String b;
        if (interleaved) {
            a = range(d, x, 0, Integer.MAX_VALUE, 2);
            b = range(d, x, 1, Integer.MAX_VALUE, 2);
        } else {
            List<String> halves = d.split(x, 2);
            a = halves.get(0);
            b = halves.get(1);
        }
        String real = d.op("Sub", d.op("Mul", a, cos), d.op("Mul", b, sin));
        String imaginary = d.op("Add", d.op("Mul", a, sin), d.op("Mul", b, cos));
        Attributes last = Attributes.NONE.with("axis", -1L);
        if (!interleaved) {
            return d.op("Concat", last, real, imaginary);
        }
        String stacked = d.op("Concat", last, d.unsqueeze(real, -1), d.unsqueeze(imaginary, -1));
        return d.reshape(stacked, 0, 0, 0, -1);
    }

    private static long heads(Decomposition d) {
        long heads = d.attributes().integer("num_heads", 0);
        return heads > 0 ? heads : -1;
    }

    /** Without a number of heads the cache tells the size of one: it holds an angle for each pair. */
    private static long headSize(Decomposition d) {
        if (heads(d) > 0) {
            return -1;
        }
        long[] cache = d.declaredDims(d.in(2));
        if (cache.length < 2 || cache[1] < 0) {
            throw d.refuse("has no num_heads, and its cache is computed; export with num_heads");
        }
        return 2 * cache[1];
    }

    private static String range(Decomposition d, String x, long start, long end, long step) {
        return d.op(
                "Slice",
                x,
                d.integers("starts", start),
                d.integers("ends", end),
                d.integers("axes", -1),
                d.integers("steps", step));
    }
}
