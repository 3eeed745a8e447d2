package io.squisher.apps.quantization;

import io.squisher.apps.quantization.number.Candidate;

/**
 * What a tensor is to become.
 *
 * @param channelAxis where its output channels are counted
 */
public record PlannedTensor(Candidate candidate, int channelAxis) {}
