/** Benchmarks, run by hand: what a Fisher costs as a multiple of ONNX Runtime's own forward pass. */
package io.squisher.examples.benchmarks;
