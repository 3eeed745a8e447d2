package io.squisher.onnx.reading.control;

import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.onnx.reading.opset.SequenceValue;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists that begin empty and to which each step appends a tensor, as PyTorch writes them, are values kept of each step. */
final class AppendedLists {
    private AppendedLists() {}

    /** The steps without states that are sequences; empty where one is used otherwise. */
    static Optional<Repetition> kept(Repetition given, OpsetRaiser raiser) {
        Repetition changed = given;
        for (Repetition.State state : given.states()) {
            Optional<SequenceValue> sequence = raiser.sequence(state.initial());
            if (sequence.isEmpty()) {
                continue;
            }
            Optional<NodeProto> append = append(given.body(), state);
            if (append.isEmpty() || !sequence.get().equals(new SequenceValue.Listed(List.of()))) {
                return Optional.empty();
            }
            changed = without(changed, state, append.get(), raiser);
        }
        return Optional.of(changed);
    }

    /** The node that appends, where nothing else reads the list. */
    private static Optional<NodeProto> append(GraphProto body, Repetition.State state) {
        List<NodeProto> readers = body.getNodeList().stream()
                .filter(node -> node.getInputList().contains(state.before())
                        || node.getInputList().contains(state.after()))
                .toList();
        long returned = body.getOutputList().stream()
                .map(ValueInfoProto::getName)
                .filter(name -> name.equals(state.before()) || name.equals(state.after()))
                .count();
        return readers.size() == 1 && returned == 1
                ? readers.stream()
                        .filter(node -> node.getOpType().equals("SequenceInsert")
                                && node.getInputCount() == 2
                                && node.getInput(0).equals(state.before())
                                && node.getOutput(0).equals(state.after()))
                        .findFirst()
                : Optional.empty();
    }

    private static Repetition without(Repetition given, Repetition.State state, NodeProto append, OpsetRaiser raiser) {
        String whole = raiser.fresh(given.node().name() + "/list");
        if (!state.last().isEmpty()) {
            raiser.sequence(state.last(), new SequenceValue.Stacked(whole));
        }
        GraphProto.Builder body = given.body().toBuilder().clearNode();
        given.body().getNodeList().stream().filter(node -> !node.equals(append)).forEach(body::addNode);
        List<Repetition.State> states = new ArrayList<>(given.states());
        states.remove(state);
        List<Repetition.Kept> kept = Stream.concat(
                        given.kept().stream(), Stream.of(new Repetition.Kept(append.getInput(1), 0, false, whole)))
                .toList();
        return new Repetition(given.node(), body.build(), given.steps(), given.control(), states, given.slices(), kept);
    }
}
