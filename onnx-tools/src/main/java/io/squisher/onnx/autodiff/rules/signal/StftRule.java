package io.squisher.onnx.autodiff.rules.signal;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;

/**
 * Gradient of STFT, the transform of frames {@code w_n x_(f·step+n)}: that of each frame by {@link DftRule}, times the
 * window, added up where frames overlap; for the window times the frame, summed over frames.
 */
public final class StftRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        if (!c.y(0).shape().dim(0).equals(x.dim(0)) || x.dim(1).perExample()) {
            throw c.refuse("has examples elsewhere than along its first axis");
        }
        long step = c.integers(1, "frame_step")[0];
        long length = c.has(2) ? c.x(2).shape().size(0) : c.integers(3, "frame_length")[0];
        long frames = c.y(0).shape().size(1);
        long parts = x.rank() == 3 ? x.size(2) : 1;

        Value frame = DftRule.parts(ops, DftRule.conjugate(ops, c.dy(), 2, length, false), parts);
        Value dx = null;
        if (c.wants(0)) {
            Value window = c.has(2) ? ops.reshape(c.x(2), TensorShape.fixed(length, 1)) : null;
            dx = overlapped(ops, window == null ? frame : ops.mul(frame, window), x, step);
        }
        return Gradients.of(dx, null, c.wants(2) ? ofWindow(ops, frame, cut(c, frames, length, step, parts)) : null);
    }

    /** Frames {@code [N, frames, length, parts]} added into signals, as Col2Im adds blocks into images. */
    private static Value overlapped(Ops ops, Value frames, TensorShape x, long step) {
        long length = frames.shape().size(2);
        long parts = frames.shape().size(3);
        Dim examples = x.dim(0);
        Value blocks = ops.reshape(
                ops.transpose(frames, 0, 3, 2, 1),
                TensorShape.of(examples, Dim.of(parts * length), frames.shape().dim(1)));
        Value signals = ops.emitter()
                .node(
                        "Col2Im",
                        TensorShape.of(examples, Dim.of(parts), Dim.of(1), x.dim(1)),
                        Attributes.NONE.with("strides", new long[] {1, step}),
                        blocks,
                        ops.integers(1, x.size(1)),
                        ops.integers(1, length));
        Value bare = ops.reshape(signals, TensorShape.of(examples, Dim.of(parts), x.dim(1)));
        return ops.reshape(ops.transpose(bare, 0, 2, 1), x);
    }

    /** The frames of the signal: {@code [N, frames, length, parts]}. */
    private static Value cut(RuleContext c, long frames, long length, long step, long parts) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        long[] places = new long[Math.toIntExact(frames * length)];
        for (int i = 0; i < places.length; i++) {
            places[i] = i / length * step + i % length;
        }
        Value signal = ops.reshape(c.x(0), TensorShape.of(x.dim(0), x.dim(1), Dim.of(parts)));
        Value picked = ops.emitter()
                .node(
                        "Gather",
                        signal.shape().with(1, Dim.of(places.length)),
                        Attributes.NONE.with("axis", 1L),
                        signal,
                        ops.integers(places));
        return ops.reshape(picked, TensorShape.of(x.dim(0), Dim.of(frames), Dim.of(length), Dim.of(parts)));
    }

    private static Value ofWindow(Ops ops, Value gradient, Value frames) {
        return ops.reduceSum(ops.mul(gradient, frames), false, 1, 3);
    }
}
