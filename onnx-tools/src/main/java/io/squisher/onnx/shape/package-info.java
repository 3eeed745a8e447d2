/**
 * What is known of values before a graph runs, or from small runs: shapes, numbers of axes, types, and the integers that
 * shapes are made of. Knows graphs and {@code operators}, no file and no runtime. Start at
 * {@link io.squisher.onnx.shape.GraphValues}, all of it for a graph that was measured.
 */
package io.squisher.onnx.shape;
