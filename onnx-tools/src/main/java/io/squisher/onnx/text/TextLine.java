package io.squisher.onnx.text;

import java.util.Optional;

/**
 * A line of a table.
 *
 * @param number in the file, from 1
 * @param second of a pair of texts
 * @param label empty where there are none
 */
record TextLine(long number, String text, Optional<String> second, String label) {}
