package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.onnx.training.graph.TrainableGraph;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A trainable graph in ONNX Runtime, reading weights where the state has them and writing gradients there. */
final class StepSession implements AutoCloseable {
    private final ShapedModel model;
    private final TrainableGraph graph;
    private final ModelState state;
    private final InferenceSession session;
    private final DropoutMasks masks;
    private final Set<String> wanted = new LinkedHashSet<>(Set.of(TrainableGraph.LOSS, TrainableGraph.HITS));

    StepSession(ShapedModel model, TrainableGraph graph, ModelState state, SharedWeights frozen, long seed) {
        this.model = model;
        this.graph = graph;
        this.state = state;
        this.session = InferenceSession.create(graph.model(), model.question().runtime(), frozen);
        this.masks = new DropoutMasks(graph.masks(), seed);
        Set<String> inputs = session.inputs();
        state.parameters().forEach((name, parameter) -> {
            if (inputs.contains(name)) {
                session.hold(name, parameter.shape(), parameter.weights());
            }
        });
        state.statistics().forEach((name, statistic) -> {
            if (inputs.contains(name)) {
                session.hold(name, statistic.start().shape(), statistic.value());
            }
        });
        graph.gradients().forEach((name, output) -> {
            TrainedParameter parameter = state.parameters().get(name);
            session.pin(output, parameter.shape(), parameter.gradient());
        });
        graph.statistics().forEach((name, output) -> {
            ModelState.Statistic statistic = state.statistics().get(name);
            session.pin(output, statistic.start().shape(), statistic.next());
        });
        graph.rows()
                .values()
                .forEach(all -> all.forEach(rows -> wanted.addAll(List.of(rows.indices(), rows.gradients()))));
    }

    /**
     * What a run found.
     *
     * @param loss the sum of the examples' losses, each times the weight
     * @param hits labels that were right, or the sum of squared errors
     * @param labels that counted
     */
    record Outcome(double loss, double hits, long labels) {}

    /**
     * Runs examples; of a graph of gradients, those of tables are added to their sums, the others stand in the parameters'
     * buffers.
     *
     * @param weight of each example in the loss
     * @param run a number that no other run has
     */
    Outcome run(TrainingData data, LabelArray labels, RowRange rows, double weight, long run) {
        LikelihoodHead head = model.head();
        Map<String, Tensor> fed = new HashMap<>(data.bound().inputs(rows.from(), rows.count()));
        Map<String, Tensor> targets =
                head.targets(labels.batch(rows.from(), rows.count(), head.labelType()), rows.from(), rows.count());
        float[] mask = targets.get(LikelihoodHead.MASK).toFloats();
        Shape maskShape = targets.get(LikelihoodHead.MASK).shape();
        long counted = 0;
        for (int i = 0; i < mask.length; i++) {
            counted += mask[i] != 0 ? 1 : 0;
            mask[i] = (float) (-weight * mask[i]);
        }
        fed.put(LikelihoodHead.LABELS, targets.get(LikelihoodHead.LABELS));
        fed.put(LikelihoodHead.MASK, Tensor.of(maskShape, mask));
        fed.putAll(masks.draw(run, rows.count()));
        fed.keySet().retainAll(session.inputs());
        Map<String, Tensor> outputs = session.run(fed, wanted);
        graph.rows()
                .forEach((name, all) -> all.forEach(one -> state.parameters()
                        .get(name)
                        .rows()
                        .add(outputs.get(one.indices()), outputs.get(one.gradients()))));
        double loss = outputs.get(TrainableGraph.LOSS).toDoubles()[0];
        double hits = outputs.get(TrainableGraph.HITS).toDoubles()[0];
        return new Outcome(loss, hits, counted);
    }

    /** Examples {@code from} to {@code from + count} of a set of data. */
    record RowRange(int from, int count) {
        RowRange {
            if (count < 1) {
                throw new SquisherException("a batch has at least 1 example, not " + count);
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
