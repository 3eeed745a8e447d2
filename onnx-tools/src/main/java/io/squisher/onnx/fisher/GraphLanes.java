package io.squisher.onnx.fisher;

import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A planned graph in memory, run over examples: as many at once as fit, in parts side by side. Results come in the order of the
 * examples, so that whoever adds them up gets the same bits every time.
 */
final class GraphLanes {
    private final FisherPart part;
    private final Targets targets;
    private final SideBySide sideBySide;
    private final FittingBatch batch;
    private final List<Lane> lanes = new ArrayList<>();
    private final Set<String> inputs = new HashSet<>();

    /**
     * Loads the graph.
     *
     * @param kept by outputs of the graph that are written to buffers which are kept, their shapes
     * @param wanted outputs that are returned beside those
     */
    GraphLanes(FisherPlan plan, FisherPart part, Targets targets, Map<String, Shape> kept, Set<String> wanted) {
        this.part = part;
        this.targets = targets;
        this.sideBySide = plan.sideBySide();
        this.batch = new FittingBatch(part.batchSize(), plan.runtime().notices());
        long bytes = kept.values().stream().mapToLong(Shape::size).sum() * Float.BYTES;
        Lanes planned = Lanes.of(plan.runtime(), part.batchSize(), bytes);
        FisherGraph graph = part.graph();
        InferenceSession first = plan.session(graph.model(), planned.threads());
        for (int i = 0; i < planned.count(); i++) {
            lanes.add(new Lane(i, i == 0 ? first : plan.beside(first), kept, wanted));
        }
        graph.model().getGraph().getInputList().forEach(input -> inputs.add(input.getName()));
    }

    /** What was planned. */
    FisherPart part() {
        return part;
    }

    /**
     * What a run over some examples gave.
     *
     * @param from which of the data's examples is the first
     * @param kept by output, its buffer, which the next run overwrites
     * @param others the other outputs
     */
    record Result(long from, Map<String, ByteBuffer> kept, Map<String, Tensor> others) {}

    /**
     * One pass over some examples.
     *
     * @param receiver gets the results of parts that ran at once, in the order of the examples; nothing of a run that failed
     */
    void run(long pass, PieceOfData data, long from, int count, Consumer<List<Result>> receiver) {
        batch.over(from, count, (first, rows) -> receiver.accept(runBatch(pass, data, first, rows)));
    }

    /** Feeds are made one after the other: data and targets are not for several threads. */
    private List<Result> runBatch(long pass, PieceOfData data, long from, int rows) {
        Map<String, Tensor> ofBatch = targets.of(pass, data, from, rows);
        int parts = Math.min(lanes.size(), rows);
        List<Supplier<Result>> runs = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int start = start(i, parts, rows);
            int count = start(i + 1, parts, rows) - start;
            Lane lane = lanes.get(i);
            Map<String, Tensor> fed = new HashMap<>(lane.inputs(data, from + start, count));
            ofBatch.forEach((name, tensor) -> fed.put(name, count == rows ? tensor : rows(tensor, start, count)));
            fed.keySet().retainAll(inputs);
            runs.add(() -> lane.run(from + start, fed));
        }
        return sideBySide.run(runs);
    }

    /** Where a part of so many begins: the parts differ by one example at most. */
    private static int start(int part, int parts, int rows) {
        return (int) ((long) part * rows / parts);
    }

    private static Tensor rows(Tensor tensor, int from, int count) {
        long[] dims = tensor.shape().dims();
        int bytes = Math.toIntExact(tensor.byteSize() / dims[0]);
        dims[0] = count;
        return Tensor.of(tensor.type(), Shape.of(dims), tensor.toBytes().slice(from * bytes, count * bytes));
    }

    /** One thread's view of the graph, with buffers of its own. */
    private static final class Lane {
        private final int number;
        private final InferenceSession session;
        private final Set<String> wanted;
        private final Map<String, ByteBuffer> kept = new LinkedHashMap<>();

        Lane(int number, InferenceSession session, Map<String, Shape> kept, Set<String> wanted) {
            this.number = number;
            this.session = session;
            this.wanted = wanted;
            kept.forEach((output, shape) -> this.kept.put(output, session.pin(output, shape)));
        }

        Map<String, Tensor> inputs(PieceOfData data, long from, int count) {
            return data.beside(number).inputs(from, count);
        }

        Result run(long from, Map<String, Tensor> fed) {
            return new Result(from, kept, session.run(fed, wanted));
        }
    }
}
