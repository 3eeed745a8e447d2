package io.squisher.onnx.image;

/** What the values of a picture, 0 to 255, become. */
public enum ImageScale {
    /** From 0 to 1, less a mean and over a deviation for red, green and blue: what networks that saw ImageNet take. */
    IMAGENET(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}, 255),
    /** From 0 to 1. */
    UNIT(new double[] {0, 0, 0}, new double[] {1, 1, 1}, 255),
    /** From -1 to 1. */
    SYMMETRIC(new double[] {0.5, 0.5, 0.5}, new double[] {0.5, 0.5, 0.5}, 255),
    /** As they are. */
    BYTES(new double[] {0, 0, 0}, new double[] {1, 1, 1}, 1);

    private final double[] mean;
    private final double[] deviation;
    private final double most;

    ImageScale(double[] mean, double[] deviation, double most) {
        this.mean = mean;
        this.deviation = deviation;
        this.most = most;
    }

    /** What a value from 0 to 255 of a channel becomes: red, green and blue are 0, 1 and 2. */
    float of(double value, int channel) {
        return (float) ((value / most - mean[channel]) / deviation[channel]);
    }
}
