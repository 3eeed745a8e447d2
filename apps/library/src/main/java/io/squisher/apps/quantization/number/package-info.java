/**
 * Numbers of few bits: which values a format has, which of them is the nearest, and what belongs to a tensor beside its codes
 * (scales, zero points, tables).
 *
 * <p>Public API.
 */
package io.squisher.apps.quantization.number;
