package io.squisher.apps.quantization;

/** By what the formats of tensors are chosen. */
public enum PlanMethod {
    /** The least ½ Σ F (w − Q(w))² within the budget. */
    FISHER,
    /** A baseline: the least Σ (w − Q(w))² within the budget, for which no Fisher is needed. */
    ERROR,
    /** A baseline: one format for all tensors, that of the least Σ (w − Q(w))² within the budget. */
    UNIFORM
}
