/**
 * Operations on images: convolutions, pools, resizing, normalization. {@code ImageLayout} brings TensorFlow's NHWC to
 * ONNX's NCHW and back, {@code Padding} reads SAME and VALID. Start at {@code PoolingRules}.
 */
package io.squisher.tf.export.rules.image;
