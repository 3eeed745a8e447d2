/** Operators that act on each element by itself, with NumPy's broadcasting where they have several inputs. */
package io.squisher.onnx.evaluator.elementwise;
