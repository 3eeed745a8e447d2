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
    private Tensor output;
    private long outputFrom = -1;
    private int outputRows;

    Targets(FisherPlan plan) {
        this.plan = plan;
        boolean sampled = plan.kind() instanceof FisherKind.Sampled;
        this.forward = sampled ? plan.session(plan.forward()) : null;
    }

    /** The labels of a pass over examples {@code from} to {@code from + rows}. */
    Map<String, Tensor> of(long pass, long from, int rows) {
        LikelihoodHead head = plan.head();
        if (plan.kind() instanceof FisherKind.Exact) {
            return head.targetsOfPass(pass, plan.labels(from, rows).orElse(null), rows, rows);
        }
        if (plan.kind() instanceof FisherKind.Sampled sampled) {
            return head.targets(
                    head.draw(output(from, rows), generators(sampled.seed(), pass, from, rows)), from, rows);
        }
        return head.targets(plan.labels(from, rows).orElseThrow(), from, rows);
    }

    /** The model's output, kept for the next draws of the same examples. */
    private Tensor output(long from, int rows) {
        if (outputFrom != from || outputRows != rows) {
            Map<String, Tensor> inputs = plan.inputs(from, rows);
            inputs.keySet().retainAll(forward.inputs());
            output = forward.run(inputs, Set.of(plan.output())).get(plan.output());
            outputFrom = from;
            outputRows = rows;
        }
        return output;
    }

    /** A generator of its own for each draw of each example, so that batches do not matter. */
    private static List<SplittableRandom> generators(long seed, long draw, long from, int rows) {
        List<SplittableRandom> generators = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            SplittableRandom ofExample = new SplittableRandom(seed * GOLDEN_RATIO + from + row);
            generators.add(new SplittableRandom(ofExample.nextLong() + draw * GOLDEN_RATIO));
        }
        return generators;
    }
}
