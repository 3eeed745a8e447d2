package io.squisher.apps.map;

import io.squisher.tensor.Tensor;
import java.util.List;

/**
 * The Fisher of one parameter of the target.
 *
 * @param target the parameter
 * @param from what it was made of, in words: the source's name, with how its layout was changed
 * @param fisher in the target's layout
 * @param sources the tensors of the Fisher that it was made of
 */
public record Match(String target, String from, Tensor fisher, List<String> sources) {}
