/** Gradients of recurrent operators against central differences. */
package io.squisher.onnx.autodiff.rules.recurrent;
