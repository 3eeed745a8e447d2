/** The only place that knows ONNX Runtime: sessions, devices, and what running a graph tells about its shapes. */
package io.squisher.onnx.runtime;
