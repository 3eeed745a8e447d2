package io.squisher.onnx.fisher;

import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.TopClasses;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * What is fed in the passes of an exact Fisher over the most probable classes: a pass for each rank at each position of an
 * example, as many for all examples.
 *
 * @param classes of some examples
 */
record TopTargets(TopClasses classes, LikelihoodHead head) {
    /** How many passes there are. */
    static long passes(LikelihoodHead head, int top) {
        long positions = head.labelShape().sizePerExample();
        return Math.multiplyExact(positions, Math.min(top, head.passes() / positions));
    }

    /** The targets of a pass; {@code labels}, if known, tell which positions do not count. */
    Map<String, Tensor> of(long pass, Tensor labels, int rows) {
        int ranks = classes.byRank().length;
        Map<String, Tensor> targets = new HashMap<>(mask(pass / ranks, labels, rows));
        Shape shape = targets.get(LikelihoodHead.MASK).shape();
        targets.put(LikelihoodHead.LABELS, Tensor.of(shape, classes.byRank()[(int) (pass % ranks)]));
        return targets;
    }

    /** The probability that is left out, summed over the positions that count. */
    double neglected(Tensor labels, int rows) {
        double sum = 0;
        int positions = Math.toIntExact(head.labelShape().sizePerExample());
        for (int position = 0; position < positions; position++) {
            double[] mask =
                    mask(position, labels, rows).get(LikelihoodHead.MASK).toDoubles();
            for (int i = 0; i < mask.length; i++) {
                sum += mask[i] * classes.neglected()[i];
            }
        }
        return sum;
    }

    private Map<String, Tensor> mask(long position, Tensor labels, int rows) {
        long classes = head.passes() / head.labelShape().sizePerExample();
        return head.targetsOfPass(position * classes, labels, rows, rows);
    }
}
