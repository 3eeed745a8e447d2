/**
 * A reference evaluator of ONNX graphs in double precision, for tests only: written from the operators' text in the
 * standard, with no thought of speed, and independent of the differentiation engine that it judges.
 *
 * <p>Each family of operators has a package with one class an operator (or one line in a table) and one list that names
 * them; {@link io.squisher.onnx.evaluator.OperatorKernels} joins the lists. All floating-point types are held as doubles
 * and never rounded to their own width, so that numerical derivatives stay smooth across a Cast.
 */
package io.squisher.onnx.evaluator;
