package io.squisher.onnx.image;

/** How a picture of another shape fits a model's input. */
public enum ImageFit {
    /** Scaled until it covers the input, and the middle cut out. */
    CROP,
    /** Width and height scaled each for itself. */
    STRETCH
}
