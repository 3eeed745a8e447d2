package io.squisher.onnx.graph;

/** The one version of the standard's operators that rules are written for and gradient graphs are emitted in. */
public final class Opset {
    /** The default domain's version. */
    public static final int VERSION = 21;

    /** The file format's version that goes with it. */
    public static final int IR_VERSION = 10;

    /** The newest version that is read. Nodes run in {@link #VERSION}, so ONNX Runtime need not know it. */
    public static final int NEWEST_READ = 25;

    private Opset() {}
}
