/** Cases of the ONNX project's backend test data, as folders on disk, and how their numbers are compared. */
package io.squisher.onnx.evaluator.testdata;
