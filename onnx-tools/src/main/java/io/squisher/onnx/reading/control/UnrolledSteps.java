package io.squisher.onnx.reading.control;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Writes a graph that is repeated out, step by step. States may grow, and a condition may end it early. */
final class UnrolledSteps {
    /** More would be a graph that no session loads in reasonable time. */
    private static final long LONGEST = 1024;

    private final Repetition repetition;
    private final Node node;
    private final OpsetRaiser raiser;
    private final List<String> states = new ArrayList<>();
    private final List<List<String>> kept = new ArrayList<>();

    private UnrolledSteps(Repetition repetition, OpsetRaiser raiser) {
        this.repetition = repetition;
        this.node = repetition.node();
        this.raiser = raiser;
        repetition.states().forEach(state -> states.add(state.initial()));
        repetition.kept().forEach(value -> kept.add(new ArrayList<>()));
    }

    static void write(Repetition repetition, OpsetRaiser raiser) {
        new UnrolledSteps(repetition, raiser).write();
    }

    private void write() {
        boolean goesOn = true;
        for (long step = 0; goesOn && step < repetition.steps(); step++) {
            if (step >= LONGEST) {
                throw new SquisherException(node + " takes more than " + LONGEST
                        + " steps, too many to be written out; export the model with fewer");
            }
            goesOn = step(step);
        }
        for (int i = 0; i < states.size(); i++) {
            if (!repetition.states().get(i).last().isEmpty()) {
                raiser.same(node, repetition.states().get(i).last(), states.get(i));
            }
        }
        for (int i = 0; i < kept.size(); i++) {
            joined(repetition.kept().get(i), kept.get(i));
        }
    }

    /** Writes one step out; returns whether another follows. */
    private boolean step(long step) {
        Node named = new Node(node.name() + "/" + step, node.op(), "", List.of(), List.of(), Attributes.NONE);
        Inlining inlining = new Inlining(named, raiser, Map.of());
        inlining.constants(repetition.body());
        repetition.control().ifPresent(control -> {
            inlining.bind(control.number(), raiser.constant(named, "step", Tensor.of(Shape.of(), step)));
            inlining.bind(control.condition(), raiser.constant(named, "condition", OpsetRaiser.TRUE));
        });
        for (int i = 0; i < states.size(); i++) {
            inlining.bind(repetition.states().get(i).before(), states.get(i));
        }
        for (Repetition.Slice slice : repetition.slices()) {
            long place = slice.backwards() ? repetition.steps() - 1 - step : step;
            String index = raiser.constant(named, "place", Tensor.of(Shape.of(), place));
            inlining.bind(
                    slice.slice(),
                    raiser.emit(
                            named,
                            "Gather",
                            List.of(slice.whole(), index),
                            Attributes.NONE.with("axis", slice.axis())));
        }
        raiser.addAll(inlining.nodes(repetition.body().getNodeList()), raiser.opset());
        for (int i = 0; i < states.size(); i++) {
            states.set(i, inlining.outer(repetition.states().get(i).after()));
        }
        for (int i = 0; i < kept.size(); i++) {
            kept.get(i).add(inlining.outer(repetition.kept().get(i).value()));
        }
        return repetition
                .control()
                .map(control -> ControlFlow.truth(inlining.outer(control.goesOn()), raiser)
                        .orElseThrow(() -> Repetition.unknown(node)))
                .orElse(true);
    }

    private void joined(Repetition.Kept value, List<String> steps) {
        if (value.whole().isEmpty()) {
            return;
        }
        if (steps.isEmpty()) {
            throw new SquisherException(
                    node + " takes no step, so its output '" + value.whole() + "' has nothing in it");
        }
        String axis = raiser.constant(node, "axes", Tensor.of(Shape.of(1), (long) value.axis()));
        List<String> rows = new ArrayList<>(steps.stream()
                .map(step -> raiser.emit(node, "Unsqueeze", List.of(step, axis), Attributes.NONE))
                .toList());
        if (value.backwards()) {
            Collections.reverse(rows);
        }
        raiser.emit(new Node(
                node.name() + "/" + value.whole(),
                "Concat",
                "",
                rows,
                List.of(value.whole()),
                Attributes.NONE.with("axis", value.axis())));
    }
}
