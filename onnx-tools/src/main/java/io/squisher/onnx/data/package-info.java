/** Examples to compute with: npz files read batch by batch, never whole. */
package io.squisher.onnx.data;
