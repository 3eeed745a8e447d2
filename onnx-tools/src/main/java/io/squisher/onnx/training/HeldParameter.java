package io.squisher.onnx.training;

import java.util.Optional;

/**
 * A parameter with what holds it back.
 *
 * @param decays whether weight decay is on it
 * @param mask not 0 where an element is trained; null for all
 */
record HeldParameter(TrainedParameter parameter, Optional<PenaltyTerm> penalty, boolean decays, byte[] mask) {}
