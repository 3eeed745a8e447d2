/** Labels as the data has them, held against what a likelihood takes, before anything is computed with them. */
package io.squisher.onnx.fisher.labels;
