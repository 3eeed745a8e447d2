/**
 * Examples to compute with: npz files read batch by batch, never whole, and bound to a model's inputs. Start at
 * {@link io.squisher.onnx.data.Examples}.
 *
 * <p>Public API.
 */
package io.squisher.onnx.data;
