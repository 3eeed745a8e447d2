package io.squisher.tf.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.tf.slots.TrainedVariables;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** An encoder block over eight tokens of eight pixels: embedding, attention of two heads, layer normalisation, GELU. */
class TransformerExportTest {
    private static final int TOKENS = 8;
    private static final int WIDTH = 12;
    private static final int HEADS = 2;

    @Test
    void exportsAnEncoderBlockWhoseInitializersAreTheTrainedVariables() {
        try (DigitsNetwork network = DigitsNetwork.of(4, TransformerExportTest::encoder);
                Session session = new Session(network.graph)) {
            network.minimize(Adam::new);
            session.initialize();
            network.step(session, io.squisher.tf.Digits.load().batch(8, new java.util.Random(1)));
            ModelProto model =
                    ExportCheck.compare(network.graph, session, Map.of("images", new long[] {3, 64}), "logits");
            Set<String> trained = TrainedVariables.in(network.graph).stream()
                    .map(TrainedVariable::name)
                    .collect(Collectors.toSet());
            assertEquals(
                    trained,
                    model.getGraph().getInitializerList().stream()
                            .map(TensorProto::getName)
                            .collect(Collectors.toSet()));
        }
    }

    private static Operand<TFloat32> encoder(DigitsNetwork network) {
        Ops tf = network.tf;
        Operand<TFloat32> rows = tf.reshape(network.images, tf.constant(new int[] {-1, TOKENS}));
        Operand<TFloat32> tokens =
                tf.math.add(sequence(tf, network.dense(rows, "patch", 8, WIDTH)), positions(network));
        Operand<TFloat32> attended = layerNorm(network, tf.math.add(tokens, attention(network, tokens)), "norm1");
        Operand<TFloat32> inner = gelu(tf, network.dense(flat(tf, attended), "up", WIDTH, 3 * WIDTH));
        Operand<TFloat32> fed = sequence(tf, network.dense(inner, "down", 3 * WIDTH, WIDTH));
        Operand<TFloat32> out = layerNorm(network, tf.math.add(attended, fed), "norm2");
        return network.dense(tf.math.mean(out, tf.constant(1)), "head", WIDTH, 10);
    }

    /** Learned positions, looked up as an embedding is. */
    private static Operand<TFloat32> positions(DigitsNetwork network) {
        Operand<TInt32> indices = network.tf.constant(new int[] {0, 1, 2, 3, 4, 5, 6, 7});
        return network.tf.gather(network.variable("positions", TOKENS, WIDTH), indices, network.tf.constant(0));
    }

    private static Operand<TFloat32> attention(DigitsNetwork network, Operand<TFloat32> tokens) {
        Ops tf = network.tf;
        Operand<TFloat32> q = heads(tf, network.dense(flat(tf, tokens), "q", WIDTH, WIDTH));
        Operand<TFloat32> k = heads(tf, network.dense(flat(tf, tokens), "k", WIDTH, WIDTH));
        Operand<TFloat32> v = heads(tf, network.dense(flat(tf, tokens), "v", WIDTH, WIDTH));
        Operand<TFloat32> scores =
                tf.math.mul(tf.train.batchMatMul(q, k, TFloat32.class, BatchMatMul.adjY(true)), tf.constant((float)
                        (1 / Math.sqrt(WIDTH / HEADS))));
        Operand<TFloat32> mixed = tf.train.batchMatMul(tf.nn.softmax(scores), v, TFloat32.class);
        Operand<TFloat32> joined = tf.linalg.transpose(mixed, tf.constant(new int[] {0, 2, 1, 3}));
        return sequence(tf, network.dense(flat(tf, joined), "o", WIDTH, WIDTH));
    }

    private static Operand<TFloat32> heads(Ops tf, Operand<TFloat32> flat) {
        Operand<TFloat32> split = tf.reshape(flat, tf.constant(new int[] {-1, TOKENS, HEADS, WIDTH / HEADS}));
        return tf.linalg.transpose(split, tf.constant(new int[] {0, 2, 1, 3}));
    }

    private static Operand<TFloat32> flat(Ops tf, Operand<TFloat32> sequence) {
        return tf.reshape(sequence, tf.constant(new int[] {-1, WIDTH}));
    }

    private static Operand<TFloat32> sequence(Ops tf, Operand<TFloat32> flat) {
        return tf.reshape(flat, tf.constant(new int[] {-1, TOKENS, WIDTH}));
    }

    /** γ (x - mean) / sqrt(variance + ε) + β over the last axis. */
    private static Operand<TFloat32> layerNorm(DigitsNetwork network, Operand<TFloat32> x, String name) {
        Ops tf = network.tf;
        Operand<TFloat32> centred = tf.math.sub(x, tf.math.mean(x, tf.constant(-1), Mean.keepDims(true)));
        Operand<TFloat32> sum = tf.reduceSum(tf.math.square(centred), tf.constant(-1), ReduceSum.keepDims(true));
        Operand<TFloat32> variance = tf.math.mul(sum, tf.constant(1f / WIDTH));
        Operand<TFloat32> normal = tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, tf.constant(1e-3f))));
        return tf.math.add(
                tf.math.mul(normal, network.variable(name + ".gamma", WIDTH)), network.variable(name + ".beta", WIDTH));
    }

    private static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(x, tf.constant(0.5f)), tf.math.add(erf, tf.constant(1f)));
    }
}
