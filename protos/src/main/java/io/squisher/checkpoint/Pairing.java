package io.squisher.checkpoint;

/**
 * A slot and the parameter that it belongs to.
 *
 * @param slot with an accumulator
 * @param reason how that was found: a few words for the report
 */
public record Pairing(Slot slot, String parameter, String reason) {}
