/** Values as the graph needs them, where a file stores or declares them otherwise: in memory, dense, in float32. */
package io.squisher.onnx.reading.stored;
