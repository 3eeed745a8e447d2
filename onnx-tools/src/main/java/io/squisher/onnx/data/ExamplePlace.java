package io.squisher.onnx.data;

/**
 * Where an example stands.
 *
 * @param file the file, or what else the examples were called
 * @param row its row there, from 0
 */
public record ExamplePlace(String file, long row) {}
