package io.squisher.onnx.fisher;

import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** What is fed as labels in each pass: the data's, a class of the exact Fisher, or labels drawn from the model. */
final class Targets {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final FisherPlan plan;
    private final InferenceSession forward;
    private PieceOfData outputOf;
    private Tensor output;
    private long outputFrom = -1;
    private int outputRows;

    Targets(FisherPlan plan) {
        this.plan = plan;
        boolean sampled = plan.kind() instanceof FisherKind.Sampled;
        this.forward = sampled ? plan.session(plan.forward()) : null;
    }

    /** The labels of a pass over examples {@code from} to {@code from + rows} of {@code data}. */
    Map<String, Tensor> of(long pass, PieceOfData data, long from, int rows) {
        LikelihoodHead head = plan.head();
        if (plan.kind() instanceof FisherKind.Exact) {
            Tensor labels = data.labels(from, rows, head.labelType()).orElse(null);
            return head.targetsOfPass(pass, labels, rows, rows);
        }
        if (plan.kind() instanceof FisherKind.Sampled sampled) {
            long[] numbers = data.examples().numbers(from, rows);
            return head.targets(
                    head.draw(output(data, from, rows), generators(sampled.seed(), pass, numbers)), from, rows);
        }
        return head.targets(data.labels(from, rows, head.labelType()).orElseThrow(), from, rows);
    }

    /** The model's output, kept for the next draws of the same examples. */
    private Tensor output(PieceOfData data, long from, int rows) {
        if (outputOf != data || outputFrom != from || outputRows != rows) {
            Map<String, Tensor> inputs = data.inputs(from, rows);
            inputs.keySet().retainAll(forward.inputs());
            output = forward.run(inputs, Set.of(plan.output())).get(plan.output());
            outputOf = data;
            outputFrom = from;
            outputRows = rows;
        }
        return output;
    }

    /** A generator of its own for each draw of each example, so that batches and shards do not matter. */
    private static List<SplittableRandom> generators(long seed, long draw, long... numbers) {
        List<SplittableRandom> generators = new ArrayList<>();
        for (long number : numbers) {
            SplittableRandom ofExample = new SplittableRandom(seed * GOLDEN_RATIO + number);
            generators.add(new SplittableRandom(ofExample.nextLong() + draw * GOLDEN_RATIO));
        }
        return generators;
    }
}
