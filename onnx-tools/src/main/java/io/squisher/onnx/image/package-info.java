/**
 * Labelled pictures as examples: a folder of classes or a list of files is read, and each picture is resized and normalised to
 * what a model takes. Start at {@link io.squisher.onnx.image.ImageReader}.
 *
 * <p>Public API.
 */
package io.squisher.onnx.image;
