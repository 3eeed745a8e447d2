/** Rules on cases that the ONNX project has no data for, and the table as a whole. */
package io.squisher.onnx.autodiff.rules;
