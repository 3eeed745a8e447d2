/**
 * Random models of one node, drawn family by family: shapes, axes, attributes, broadcasting, versions. A generator draws
 * only what the standard allows and ONNX Runtime runs; what it leaves out is said where it does.
 */
package io.squisher.onnx.autodiff.families;
