package io.squisher.onnx.fisher.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ElementOrderTest {
    /** {@code [2, 3, 4]} as {@code [4, 2, 3]}: parameter (c, a, b) is output (a, b, c). */
    private static final ElementOrder ORDER =
            new ElementOrder(Shape.of(1, 24), new long[] {2, 3, 4}, new int[] {2, 0, 1});

    private static double[] output() {
        return IntStream.range(0, 24).asDoubleStream().toArray();
    }

    private static double[] parameter() {
        double[] expected = new double[24];
        for (int c = 0, at = 0; c < 4; c++) {
            for (int a = 0; a < 2; a++) {
                for (int b = 0; b < 3; b++, at++) {
                    expected[at] = (a * 3 + b) * 4 + c;
                }
            }
        }
        return expected;
    }

    @Test
    void elementsAreReadInTheParametersOrder() {
        double[] read = new double[24];
        ORDER.read(output(), 0, 24, read);
        assertArrayEquals(parameter(), read);
    }

    @Test
    void anyPartIsReadAlone() {
        for (int start = 0; start < 24; start++) {
            for (int end = start; end <= 24; end++) {
                double[] read = new double[end - start];
                ORDER.read(output(), start, end - start, read);
                assertArrayEquals(Arrays.copyOfRange(parameter(), start, end), read, start + " to " + end);
            }
        }
    }

    @Test
    void whatWasReadIsWrittenBack() {
        double[] written = new double[24];
        ORDER.write(parameter(), written);
        assertArrayEquals(output(), written);
    }

    @Test
    void anElementIsFoundInTheParameter() {
        for (int element = 0; element < 24; element++) {
            assertEquals(element, parameter()[(int) ORDER.inParameter(element)]);
        }
    }

    @Test
    void theOwnOrderChangesNothing() {
        ElementOrder own = ElementOrder.of(Shape.of(2, 12));
        double[] read = new double[5];
        own.read(output(), 3, 5, read);
        assertTrue(own.isOwn());
        assertArrayEquals(new double[] {3, 4, 5, 6, 7}, read);
        assertEquals(7, own.inParameter(7));
    }

    @Test
    void oneTranspositionAndWhatOnlyReshapesAreLeftOutOfAGraph() {
        Ops ops = new Ops(new Emitter(Set.of()));
        Value computed = ops.unary("Relu", ops.unary("Neg", new Value("x", TensorShape.fixed(1, 24))));
        Value split = ops.reshape(computed, TensorShape.fixed(2, 3, 4));
        Value last = ops.reshape(ops.transpose(split, 2, 0, 1), TensorShape.fixed(8, 3));
        ElementOrder.Found found = ElementOrder.before(last, ops.emitter());
        assertEquals(computed, found.value());
        assertEquals(Shape.of(1, 24), found.order().output());
        double[] read = new double[24];
        found.order().read(output(), 0, 24, read);
        assertArrayEquals(parameter(), read);
    }

    @Test
    void aSecondTranspositionStaysInTheGraph() {
        Ops ops = new Ops(new Emitter(Set.of()));
        Value computed = ops.unary("Neg", new Value("x", TensorShape.fixed(4, 6)));
        Value first = ops.transpose(computed, 1, 0);
        Value split = ops.reshape(first, TensorShape.fixed(2, 3, 4));
        ElementOrder.Found found = ElementOrder.before(ops.transpose(split, 2, 0, 1), ops.emitter());
        assertEquals(first, found.value());
    }

    @Test
    void anAxisOfExamplesIsNotPassed() {
        Ops ops = new Ops(new Emitter(Set.of()));
        Value computed = ops.unary("Neg", new Value("x", TensorShape.perExample(3)));
        Value sum = ops.reduceSum(computed, false, 0);
        assertEquals(
                sum,
                ElementOrder.before(ops.reshape(sum, TensorShape.fixed(3, 1)), ops.emitter())
                        .value());
    }
}
