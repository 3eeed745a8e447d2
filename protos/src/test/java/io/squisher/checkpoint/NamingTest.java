package io.squisher.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamingTest {
    private static Tensor zeros(long... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(shape, new float[(int) shape.size()]);
    }

    private static OptimizerState state(Tensor... accumulators) {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < accumulators.length; i++) {
            slots.add(Slot.positional(i, accumulators[i]));
        }
        return new OptimizerState(Accumulator.getDefaultInstance(), slots, List.of());
    }

    private static Parameters model(boolean inOrder, Object... namesAndShapes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < namesAndShapes.length; i += 2) {
            tensors.put((String) namesAndShapes[i], (Tensor) namesAndShapes[i + 1]);
        }
        return new Parameters("'m'", tensors, inOrder);
    }

    private static List<String> names(OptimizerState state, Parameters model, boolean assumeOrder) {
        return Naming.of(state, Optional.of(model), assumeOrder).stream()
                .map(Pairing::parameter)
                .toList();
    }

    private static String refused(OptimizerState state, Parameters model, boolean assumeOrder) {
        return assertThrows(SquisherException.class, () -> names(state, model, assumeOrder))
                .getMessage();
    }

    @Test
    void theModelsOrderIsTakenWhereTheShapesAllowNoOther() {
        Parameters model = model(true, "w", zeros(2, 3), "b", zeros(3), "c", zeros(3));
        assertEquals(List.of("w", "b", "c"), names(state(zeros(2, 3), zeros(3), zeros(3)), model, false));
        // A parameter that the optimizer does not have: its place is known where the shapes say it.
        assertEquals(List.of("b", "c"), names(state(zeros(3), zeros(3)), model, false));
    }

    @Test
    void aGapThatCouldBeInSeveralPlacesIsRefused() {
        Parameters model = model(true, "b", zeros(3), "c", zeros(3));
        String message = refused(state(zeros(3)), model, false);
        assertTrue(message.contains("in more than one order"), message);
        assertTrue(message.contains("--names and --assume-order"), message);
    }

    @Test
    void anOrderThatDoesNotFitNamesTheFirstDifference() {
        Parameters model = model(true, "w", zeros(2, 3), "b", zeros(3));
        assertEquals(
                "accumulator 0 has the shape [3], but 'w' of 'm' at that place is [2, 3], and no other place fits; list the trained parameters in the model's order with"
                        + " --names, or in the optimizer's with --names and --assume-order",
                refused(state(zeros(3), zeros(2, 3)), model, false));
        assertEquals(
                "the checkpoint has 3 accumulators, 'm' has 2 parameters",
                refused(state(zeros(2, 3), zeros(3), zeros(4)), model, false));
    }

    @Test
    void aFileThatSortsItsNamesSaysNothingOfTheOrder() {
        Parameters sorted = model(false, "l.1", zeros(3), "l.10", zeros(3), "l.2", zeros(3));
        OptimizerState state = state(zeros(3), zeros(3), zeros(3));
        assertTrue(refused(state, sorted, false).endsWith("give the names in the model's order with --names"));
        String message = refused(state, sorted, true);
        assertTrue(message.contains("alphabetical order ('l.1', 'l.10', 'l.2', ...)"), message);
        List<String> order = List.of("l.1", "l.2", "l.10");
        assertEquals(order, names(state, sorted.inOrderOf(order), false));
    }

    @Test
    void aBufferOfAShapeThatNoAccumulatorHasIsNoParameter() {
        Parameters model = model(true, "a", zeros(2, 2), "mask", zeros(1, 1, 4), "b", zeros(2, 2));
        assertEquals(List.of("a", "b"), names(state(zeros(2, 2), zeros(2, 2)), model, false));
    }

    @Test
    void withoutAnOrderOnlyShapesThatOccurOnceArePaired() {
        assertEquals(
                List.of("b", "w"),
                names(state(zeros(3), zeros(2, 3)), model(false, "w", zeros(2, 3), "b", zeros(3)), false));
        Parameters twins = model(false, "w", zeros(2, 3), "b", zeros(3), "c", zeros(3));
        OptimizerState state = state(zeros(2, 3), zeros(3), zeros(3));
        String message = refused(state, twins, false);
        assertTrue(message.contains("[3] (2 accumulators, 2 parameters)"), message);
        assertTrue(message.contains("--assume-order"), message);
        assertEquals(List.of("w", "b", "c"), names(state, twins, true));
    }

    @Test
    void withoutAModelNumbersAreRefused() {
        Exception e = assertThrows(SquisherException.class, () -> Naming.of(state(zeros(3)), Optional.empty(), false));
        assertTrue(e.getMessage().contains("give the file of the model's weights with --model"), e.getMessage());
    }

    @Test
    void namesOfTheFileAreCheckedAgainstTheModel() {
        OptimizerState named =
                new OptimizerState(Accumulator.getDefaultInstance(), List.of(Slot.named("w", zeros(2))), List.of());
        assertEquals(List.of("w"), names(named, model(false, "w", zeros(2)), false));
        assertEquals("'w' is [2] in the checkpoint and [3] in 'm'", refused(named, model(false, "w", zeros(3)), false));
    }

    /** Two groups of equal shapes: the model's own order and the Trainer's both fit, so neither is believed. */
    @Test
    void twoGroupsThatFitTwoOrdersAreRefused() {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean decayed = i < 2;
            slots.add(new Slot(Integer.toString(i), decayed ? 0 : 1, decayed, Optional.empty(), Optional.of(zeros(3))));
        }
        OptimizerState state = new OptimizerState(Accumulator.getDefaultInstance(), slots, List.of());
        Parameters model =
                model(true, "a.weight", zeros(3), "a.bias", zeros(3), "b.weight", zeros(3), "b.bias", zeros(3));
        String message = refused(state, model, false);
        assertTrue(message.contains("in more than one order (order; order of the groups with"), message);
    }

    private static OptimizerState groups(List<Tensor> first, List<Tensor> second) {
        List<Slot> slots = new ArrayList<>();
        for (Tensor tensor : first) {
            slots.add(new Slot(Integer.toString(slots.size()), 0, true, Optional.empty(), Optional.of(tensor)));
        }
        for (Tensor tensor : second) {
            slots.add(new Slot(Integer.toString(slots.size()), 1, true, Optional.empty(), Optional.of(tensor)));
        }
        return new OptimizerState(Accumulator.getDefaultInstance(), slots, List.of());
    }

    /** A head with a learning rate of its own may be the first group or the last: where shapes are equal nothing tells. */
    @Test
    void theModelsOrderOfSeveralGroupsIsTakenOnlyIfTheyCouldBeNoOthers() {
        Parameters equal = model(true, "body", zeros(3, 3), "head", zeros(3, 3));
        OptimizerState state = groups(List.of(zeros(3, 3)), List.of(zeros(3, 3)));
        String message = refused(state, equal, false);
        assertTrue(message.contains("in more than one order, since they are in 2 groups; give the names"), message);
        assertEquals(List.of("body", "head"), names(state, equal, true));
        assertEquals(List.of("head", "body"), names(state, equal.inOrderOf(List.of("head", "body")), true));
        Parameters different =
                model(true, "body", zeros(3, 3), "body2", zeros(3, 3), "frozen", zeros(7), "head", zeros(2, 3));
        state = groups(List.of(zeros(3, 3), zeros(3, 3)), List.of(zeros(2, 3)));
        assertEquals(List.of("body", "body2", "head"), names(state, different, false));
        state = groups(List.of(zeros(3, 3)), List.of(zeros(3, 3), zeros(2, 3)));
        assertTrue(refused(state, different, false).contains("since they are in 2 groups"));
    }

    @Test
    void theTrainersGroupsAreFoundByName() {
        List<Slot> slots = new ArrayList<>();
        Tensor[] shapes = {zeros(3, 3), zeros(2, 3), zeros(3), zeros(3), zeros(2)};
        for (int i = 0; i < shapes.length; i++) {
            slots.add(new Slot(Integer.toString(i), i < 2 ? 0 : 1, i < 2, Optional.empty(), Optional.of(shapes[i])));
        }
        OptimizerState state = new OptimizerState(Accumulator.getDefaultInstance(), slots, List.of());
        Parameters model = model(
                true,
                "encoder.weight",
                zeros(3, 3),
                "encoder.LayerNorm.weight",
                zeros(3),
                "encoder.bias",
                zeros(3),
                "head.weight",
                zeros(2, 3),
                "head.bias",
                zeros(2));
        assertEquals(
                List.of("encoder.weight", "head.weight", "encoder.LayerNorm.weight", "encoder.bias", "head.bias"),
                names(state, model, false));
    }

    /** timm puts what is not decayed first: vectors, biases, tokens and embeddings of positions. */
    @Test
    void timmsGroupsAreFoundByRankAndName() {
        List<Slot> slots = new ArrayList<>();
        Tensor[] shapes = {zeros(1, 1, 3), zeros(3), zeros(2), zeros(3, 3), zeros(2, 3)};
        for (int i = 0; i < shapes.length; i++) {
            slots.add(new Slot(Integer.toString(i), i < 3 ? 0 : 1, i >= 3, Optional.empty(), Optional.of(shapes[i])));
        }
        OptimizerState state = new OptimizerState(Accumulator.getDefaultInstance(), slots, List.of());
        Parameters model = model(
                true,
                "pos_embed",
                zeros(1, 1, 3),
                "block.weight",
                zeros(3, 3),
                "block.norm.weight",
                zeros(3),
                "head.weight",
                zeros(2, 3),
                "head.bias",
                zeros(2));
        assertEquals(
                List.of("pos_embed", "block.norm.weight", "head.bias", "block.weight", "head.weight"),
                names(state, model, false));
    }

    @Test
    void aListOfNamesGivesTheOrder() {
        Parameters model = model(false, "a", zeros(3), "b", zeros(3));
        assertEquals(List.of("b", "a"), names(state(zeros(3), zeros(3)), model.inOrderOf(List.of("b", "a")), false));
        Exception e = assertThrows(SquisherException.class, () -> model.inOrderOf(List.of("c")));
        assertTrue(e.getMessage().startsWith("the list of names has 'c', which 'm' has not"), e.getMessage());
    }
}
