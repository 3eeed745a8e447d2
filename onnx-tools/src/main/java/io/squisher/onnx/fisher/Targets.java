package io.squisher.onnx.fisher;

import io.squisher.onnx.fisher.likelihood.CategoricalHead;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.TopClasses;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What is fed as labels in each pass: the data's, a class of the exact Fisher, or labels drawn from the model. */
final class Targets {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final FisherPlan plan;
    private final InferenceSession forward;
    private PieceOfData outputOf;
    private Tensor output;
    private final Optional<Ranking> ranking;
    private TopClasses ranked;
    private long outputFrom = -1;
    private int outputRows;

    /** That an exact Fisher takes the {@code most} most probable classes alone. */
    private record Ranking(CategoricalHead head, int most) {
        static Optional<Ranking> of(FisherPlan plan) {
            return plan.kind() instanceof FisherKind.Exact exact
                            && exact.isOfTopClasses()
                            && plan.head() instanceof CategoricalHead head
                    ? Optional.of(new Ranking(head, exact.topClasses()))
                    : Optional.empty();
        }
    }

    Targets(FisherPlan plan) {
        this.plan = plan;
        this.ranking = Ranking.of(plan);
        this.forward =
                plan.kind() instanceof FisherKind.Sampled || ranking.isPresent() ? plan.session(plan.forward()) : null;
    }

    /** The labels of a pass over examples {@code from} to {@code from + rows} of {@code data}. */
    Map<String, Tensor> of(long pass, PieceOfData data, long from, int rows) {
        LikelihoodHead head = plan.head();
        if (plan.kind() instanceof FisherKind.Exact) {
            Tensor labels = data.labels(from, rows, head.labelType()).orElse(null);
            if (ranking.isPresent()) {
                return topTargets(ranking.get(), data, from, rows).of(pass, labels, rows);
            }
            return plan.isOnePass()
                    ? head.targetsOfAllPasses(labels, rows)
                    : head.targetsOfPass(pass, labels, rows, rows);
        }
        if (plan.kind() instanceof FisherKind.Sampled sampled) {
            long[] numbers = data.examples().numbers(from, rows);
            return head.targets(head.draw(output(data, from, rows), generators(sampled, pass, numbers)), from, rows);
        }
        return head.targets(data.labels(from, rows, head.labelType()).orElseThrow(), from, rows);
    }

    private TopTargets topTargets(Ranking of, PieceOfData data, long from, int rows) {
        Tensor logits = output(data, from, rows);
        if (ranked == null) {
            ranked = of.head().topClasses(logits, of.most());
        }
        return new TopTargets(ranked, of.head());
    }

    /** The probability of the classes that are left out for some examples, summed over these; 0 but for the most probable. */
    double neglected(PieceOfData data, long from, int rows) {
        if (ranking.isEmpty()) {
            return 0;
        }
        Tensor labels = data.labels(from, rows, plan.head().labelType()).orElse(null);
        return topTargets(ranking.get(), data, from, rows).neglected(labels, rows);
    }

    /** The model's output, kept for the next draws of the same examples. */
    private Tensor output(PieceOfData data, long from, int rows) {
        if (outputOf != data || outputFrom != from || outputRows != rows) {
            Map<String, Tensor> inputs = data.inputs(from, rows);
            inputs.keySet().retainAll(forward.inputs());
            output = forward.run(inputs, Set.of(plan.output())).get(plan.output());
            ranked = null;
            outputOf = data;
            outputFrom = from;
            outputRows = rows;
        }
        return output;
    }

    /**
     * A generator of its own for each draw of each example, so that batches and shards do not matter. Draws of an example's only
     * label are spread over its classes; of several labels each draw is a joint one, which parts of each would not keep.
     */
    private List<RandomGenerator> generators(FisherKind.Sampled sampled, long draw, long... numbers) {
        boolean spread = plan.head().labelShape().sizePerExample() == 1;
        List<RandomGenerator> generators = new ArrayList<>();
        for (long number : numbers) {
            SplittableRandom ofExample = new SplittableRandom(sampled.seed() * GOLDEN_RATIO + number);
            RandomGenerator ofDraw = new SplittableRandom(ofExample.nextLong() + draw * GOLDEN_RATIO);
            generators.add(spread ? new Stratum(draw, sampled.draws(), ofDraw) : ofDraw);
        }
        return generators;
    }
}
