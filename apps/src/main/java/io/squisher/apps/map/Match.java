package io.squisher.apps.map;

import io.squisher.tensor.Tensor;

/**
 * The Fisher of one parameter of the target.
 *
 * @param target the parameter
 * @param from what it was made of, in words: the source's name, with how its layout was changed
 * @param fisher in the target's layout
 */
public record Match(String target, String from, Tensor fisher) {}
