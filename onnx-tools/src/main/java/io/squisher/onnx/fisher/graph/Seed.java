package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;

/** The gradient with respect to the model's output that a graph takes back to its parameters. */
public enum Seed {
    /** At the labels that are fed. */
    LABELS {
        @Override
        Value of(LikelihoodHead head, Ops ops, Value output, LikelihoodHead.Fed fed) {
            return head.labelGradient(ops, output, fed);
        }
    },
    /** Of one pass of the exact Fisher. */
    PASS {
        @Override
        Value of(LikelihoodHead head, Ops ops, Value output, LikelihoodHead.Fed fed) {
            return head.expectationGradient(ops, output, fed);
        }
    },
    /** Of all passes of the exact Fisher at once, for parameters that act on one output each. */
    ALL_PASSES {
        @Override
        Value of(LikelihoodHead head, Ops ops, Value output, LikelihoodHead.Fed fed) {
            return head.rootOfExpectedSquares(ops, output, fed);
        }
    };

    abstract Value of(LikelihoodHead head, Ops ops, Value output, LikelihoodHead.Fed fed);
}
