package io.squisher.apps.plan;

import io.squisher.fisher.FisherDiagonal;

/**
 * A diagonal and what messages call it.
 *
 * @param label its file, as the user gave it
 */
public record NamedFisher(String label, FisherDiagonal diagonal) {}
