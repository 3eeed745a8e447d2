package io.squisher.tf.export.rules.image;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import io.squisher.tf.export.emit.UnsupportedOperation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Images [B, H, W, C] resized to the sizes of input 1. ONNX has Resize, but ONNX Runtime rounds the positions of pixels
 * otherwise, so that another pixel is the nearest where one lies half way, and interpolated values differ by 10⁻⁴ at 500
 * pixels. So where the sizes are known, pixels are gathered at the positions that TensorFlow computes.
 */
public final class ResizeRules {
    private static final int ROWS = 1;
    private static final int COLUMNS = 2;

    private ResizeRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of("ResizeNearestNeighbor", ResizeRules::nearest, "ResizeBilinear", ResizeRules::bilinear);
    }

    /**
     * An axis of {@code from} pixels that gets {@code to} pixels.
     *
     * @param halfPixels whether a pixel's position is its centre
     */
    private record Axis(int axis, int from, int to, boolean alignCorners, boolean halfPixels) {
        private float scale() {
            return alignCorners && to > 1 ? (from - 1) / (float) (to - 1) : from / (float) to;
        }

        /** Where a new pixel lies in the image, in the precision of TensorFlow. */
        private float position(int pixel) {
            return halfPixels ? (pixel + 0.5f) * scale() - 0.5f : pixel * scale();
        }

        private int nearest(int pixel) {
            float position = halfPixels ? (pixel + 0.5f) * scale() : pixel * scale();
            int whole = alignCorners ? Math.round(position) : (int) Math.floor(position);
            return Math.max(0, Math.min(whole, from - 1));
        }
    }

    private static void nearest(TensorFlowNode node) {
        Axis rows = axis(node, ROWS).orElseThrow(() -> unknown(node));
        Axis columns = axis(node, COLUMNS).orElseThrow(() -> unknown(node));
        node.passes(0, nearest(node, nearest(node, node.x(0), columns), rows));
    }

    private static UnsupportedOperation unknown(TensorFlowNode node) {
        return node.unsupported("the size of its images, or that to which they are resized, is unknown");
    }

    private static String nearest(TensorFlowNode node, String image, Axis axis) {
        long[] index = new long[axis.to];
        for (int pixel = 0; pixel < axis.to; pixel++) {
            index[pixel] = axis.nearest(pixel);
        }
        return node.gather(image, axis.axis, index);
    }

    private static void bilinear(TensorFlowNode node) {
        String image = node.type(0) == ElementType.F32
                ? node.x(0)
                : node.emit("Cast", List.of(node.x(0)), TensorFlowNode.castTo(ElementType.F32));
        Optional<Axis> rows = axis(node, ROWS);
        Optional<Axis> columns = axis(node, COLUMNS);
        if (rows.isPresent() && columns.isPresent()) {
            node.passes(0, interpolated(node, interpolated(node, image, columns.get()), rows.get()));
        } else {
            resize(node, image);
        }
    }

    /** a + (b - a)·t, where b is the pixel behind a and t how far between them the new one lies. */
    private static String interpolated(TensorFlowNode node, String image, Axis axis) {
        long[] before = new long[axis.to];
        long[] behind = new long[axis.to];
        float[] between = new float[axis.to];
        for (int pixel = 0; pixel < axis.to; pixel++) {
            float position = axis.position(pixel);
            before[pixel] = (long) Math.max(Math.floor(position), 0);
            behind[pixel] = (long) Math.min(Math.ceil(position), axis.from - 1.0);
            between[pixel] = position - (float) Math.floor(position);
        }
        String a = node.gather(image, axis.axis, before);
        String b = node.gather(image, axis.axis, behind);
        Shape shape = axis.axis == ROWS ? Shape.of(axis.to, 1, 1) : Shape.of(axis.to, 1);
        String t = node.constant("between", Tensor.of(shape, between));
        return node.emit("Add", a, node.emit("Mul", node.emit("Sub", b, a), t));
    }

    /** Empty where a size is not known before running. */
    private static Optional<Axis> axis(TensorFlowNode node, int axis) {
        Optional<long[]> sizes = node.constant(1);
        if (sizes.isEmpty() || node.shape(0).isUnknown() || node.shape(0).get(axis) < 0) {
            return Optional.empty();
        }
        return Optional.of(new Axis(
                axis,
                (int) node.shape(0).get(axis),
                (int) sizes.get()[axis - 1],
                node.flag("align_corners"),
                node.flag("half_pixel_centers")));
    }

    private static void resize(TensorFlowNode node, String image) {
        String coordinates = node.flag("align_corners")
                ? "align_corners"
                : node.flag("half_pixel_centers") ? "half_pixel" : "asymmetric";
        ImageLayout layout = new ImageLayout(true, 2);
        String channelsFirst = layout.toOnnx(node, image);
        String shape = node.emit("Shape", List.of(channelsFirst), Attributes.integer("end", 2));
        String sizes = node.emit("Concat", List.of(shape, node.int64(1)), Attributes.integer("axis", 0));
        layout.result(
                node,
                "Resize",
                List.of(channelsFirst, "", "", sizes),
                Attributes.text("mode", "linear"),
                Attributes.text("coordinate_transformation_mode", coordinates));
    }
}
