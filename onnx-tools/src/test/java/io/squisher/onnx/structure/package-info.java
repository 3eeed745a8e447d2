/** Tests of the units of networks. */
package io.squisher.onnx.structure;
