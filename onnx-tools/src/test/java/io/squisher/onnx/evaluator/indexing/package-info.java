/** Operators that choose elements by numbers in another tensor, or tell where elements are. */
package io.squisher.onnx.evaluator.indexing;
