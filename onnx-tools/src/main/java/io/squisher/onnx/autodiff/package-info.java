/**
 * Reverse-mode differentiation of graphs: a table of rules, one pure function per operator, and one engine.
 *
 * <p>Roles inside rules: {@code x} an input, {@code y} an output, {@code dy} the gradient that comes in at an output,
 * {@code dx} the one that goes out at an input. What is differentiated, and why, this package does not know.
 */
package io.squisher.onnx.autodiff;
