package io.squisher.onnx.autodiff.families;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.evaluator.Broadcast;
import io.squisher.onnx.evaluator.ReferenceEvaluator;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.OperatorFacts;
import io.squisher.onnx.operators.Trait;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the table says of operators, against what comes out of random nodes of them. */
class OperatorFactsHoldTest {
    /** Of a type that an attribute gives. */
    private static final Set<String> TYPED_BY_ATTRIBUTE = Set.of("Cast", "ConstantOfShape", "EyeLike");

    private final Set<String> seen = new TreeSet<>();

    @Test
    void ofAllNodesThatAreDrawn() {
        Stream<OneNodeModel> drawn = OperatorFamilies.all().stream()
                .flatMap(family -> LongStream.rangeClosed(1, family.cases())
                        .mapToObj(seed -> family.draw().apply(new Draw(seed))));
        Stream.concat(drawn, RuntimeCases.all()).forEach(this::check);
        assertTrue(seen.size() > 80, seen.toString());
    }

    private void check(OneNodeModel drawn) {
        Node node = Node.of(drawn.model().getGraph().getNode(0), 0);
        Map<String, Value> values;
        try {
            values = new ReferenceEvaluator(drawn.model()).values(drawn.inputs());
        } catch (UnsupportedModelException e) {
            return;
        }
        List<Value> inputs = node.inputs().stream().map(values::get).toList();
        OperatorFacts facts = node.facts();
        if (facts.traits().isEmpty() || inputs.isEmpty()) {
            return;
        }
        seen.add(node.op());
        String what = drawn.toString();
        Value first = inputs.get(0);
        Value output = values.get(node.output(0));
        if (facts.has(Trait.SAME_SHAPE)) {
            assertArrayEquals(first.dims(), output.dims(), what);
        }
        if (facts.has(Trait.SAME_RANK)) {
            assertEquals(first.rank(), output.rank(), what);
        }
        if (facts.has(Trait.BROADCAST)) {
            assertArrayEquals(
                    inputs.stream().map(Value::dims).reduce(new int[0], Broadcast::dims), output.dims(), what);
        }
        if (facts.has(Trait.RESHAPE)) {
            assertArrayEquals(first.doubles(), output.doubles(), what);
        }
        if (facts.has(Trait.MOVES) && !node.op().endsWith("Pad")) {
            Set<Double> elements = new HashSet<>(Set.of(0.0));
            inputs.stream().filter(Value::isFloating).forEach(input -> Arrays.stream(input.doubles())
                    .forEach(elements::add));
            assertTrue(!output.isFloating() || Arrays.stream(output.doubles()).allMatch(elements::contains), what);
        }
        checkTypes(node, inputs, values, what);
    }

    private static void checkTypes(Node node, List<Value> inputs, Map<String, Value> values, String what) {
        OperatorFacts facts = node.facts();
        Value output = values.get(node.output(0));
        if (facts.has(Trait.TRUTH)) {
            assertEquals(ElementType.BOOL, output.type(), what);
        }
        if (facts.isNeverFloating()) {
            assertFalse(output.isFloating(), what);
        } else if (facts.has(Trait.FLOATING)) {
            assertTrue(output.isFloating(), what);
        } else if (!TYPED_BY_ATTRIBUTE.contains(node.op())) {
            assertEquals(inputs.get(facts.typedBy()).isFloating(), output.isFloating(), what);
        }
        if (facts.has(Trait.SECOND_INTEGER) && !node.output(1).isEmpty()) {
            assertFalse(values.get(node.output(1)).isFloating(), what);
        }
    }
}
