/** Graphs inside graphs, taken apart: functions of the model, branches and loops that are decided when it is read. */
package io.squisher.onnx.reading.control;
