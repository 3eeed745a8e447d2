package io.squisher.onnx.autodiff.recurrent;

import io.squisher.onnx.autodiff.RuleContext;

/** One of the recurrent operators. */
interface Cell {
    /** Blocks of rows in the weights. */
    int gates();

    /** Refuses attributes and inputs that the cell has no derivative for. */
    void check(RuleContext context);

    DirectionGradient differentiate(Direction direction, RuleContext context);

    /** Whether the activations are the operator's own, in all directions. */
    static boolean activations(RuleContext context, String... own) {
        return context.attributes()
                .strings("activations")
                .map(names -> {
                    for (int i = 0; i < names.size(); i++) {
                        if (!names.get(i).equalsIgnoreCase(own[i % own.length])) {
                            return false;
                        }
                    }
                    return true;
                })
                .orElse(true);
    }

    /** Refuses other activations than the operator's own, and clipped sums. */
    static void checkPlain(RuleContext context, String... own) {
        if (!activations(context, own)) {
            throw context.refuse("has other activations than " + String.join(", ", own)
                    + ", which have no gradient rule; export with these");
        }
        if (context.attributes().has("clip")) {
            throw context.refuse("clips the sums of its gates, which has no gradient rule; export without clip");
        }
    }
}
