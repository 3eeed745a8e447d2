package io.squisher.onnx.training;

import io.squisher.SquisherException;

/**
 * A linear layer that is added to a model.
 *
 * @param classes how many outputs it has, at least 1
 * @param mask the name of the model's input with a 1 for each token that counts
 */
record HeadChoice(int classes, Pooling pooling, String mask) {
    static final String DEFAULT_MASK = "attention_mask";

    HeadChoice {
        if (classes < 1) {
            throw new SquisherException("a head has at least 1 output, not " + classes);
        }
    }
}
