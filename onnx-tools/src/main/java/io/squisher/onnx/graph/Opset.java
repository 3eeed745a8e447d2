package io.squisher.onnx.graph;

/** The one version of the standard's operators that rules are written for and gradient graphs are emitted in. */
public final class Opset {
    /** The default domain's version. */
    public static final int VERSION = 21;

    /** The file format's version that goes with it. */
    public static final int IR_VERSION = 10;

    /** The newest version that ONNX Runtime 1.23 runs. */
    public static final int NEWEST_READ = 23;

    private Opset() {}
}
