package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * DeformConv: a convolution each tap of which reads beside its place, by an offset of its own, and is multiplied by a number of
 * its own (Dai et al. 2017, "Deformable Convolutional Networks"; the numbers: Zhu et al. 2019, "Deformable ConvNets v2").
 * Inputs: X [N, C, H, W], weights, offsets [N, 2·offset groups·kh·kw, oh, ow], bias, mask [N, offset groups·kh·kw, oh, ow].
 *
 * <p>GridSample takes the samples, each output's in a tile of the kernel's size: [N, C, oh·kh, ow·kw]. What is left is a
 * convolution whose strides are its kernel, so that weights and bias stay parameters of a Conv. ONNX Runtime has no DeformConv
 * for processors, so that this is also how it runs.
 */
final class DeformableConvolution {
    /** Along one spatial axis, 0 or 1 of two. */
    private record Along(int axis, long kernel, long stride, long dilation, long padding) {}

    private final Decomposition d;
    private final long offsetGroups;
    private final Along rows;
    private final Along columns;

    private DeformableConvolution(Decomposition d) {
        this.d = d;
        this.offsetGroups = d.attributes().integer("offset_group", 1);
        long[] kernel = kernel(d);
        this.rows = along(0, kernel);
        this.columns = along(1, kernel);
    }

    static void decompose(Decomposition d) {
        new DeformableConvolution(d).write();
    }

    private static long[] kernel(Decomposition d) {
        long[] weights = d.declaredDims(d.in(1));
        long[] fallback = weights.length == 4 ? new long[] {weights[2], weights[3]} : new long[0];
        long[] kernel = d.attributes().integers("kernel_shape", fallback);
        if (kernel.length != 2 || kernel[0] < 1 || kernel[1] < 1) {
            throw d.refuse(
                    "is read with a kernel of two axes alone, whose size is stated or follows from stored weights");
        }
        return kernel;
    }

    private Along along(int axis, long[] kernel) {
        Attributes attributes = d.attributes();
        long[] ones = {1, 1};
        return new Along(
                axis,
                kernel[axis],
                attributes.integers("strides", ones)[axis],
                attributes.integers("dilations", ones)[axis],
                attributes.integers("pads", new long[4])[axis]);
    }

    private void write() {
        List<String> images = groups(d.in(0));
        List<String> grids = groups(grids());
        List<String> masks = d.has(4) ? groups(mask()) : List.of();
        List<String> samples = new ArrayList<>();
        for (int group = 0; group < offsetGroups; group++) {
            // Without the axis of groups, of which one is left.
            String grid = d.op("Squeeze", grids.get(group), d.integers("group", 1));
            Attributes zeros = Attributes.NONE.with("mode", "linear").with("padding_mode", "zeros");
            String sampled = d.op("GridSample", zeros, images.get(group), grid);
            samples.add(masks.isEmpty() ? sampled : d.op("Mul", sampled, masks.get(group)));
        }
        String all = samples.size() == 1
                ? samples.get(0)
                : d.op("Concat", Attributes.NONE.with("axis", 1L), samples.toArray(String[]::new));
        Attributes tiles = Attributes.NONE
                .with("group", d.attributes().integer("group", 1))
                .with("strides", new long[] {rows.kernel(), columns.kernel()});
        List<String> inputs = new ArrayList<>(List.of(all, d.in(1)));
        if (d.has(3)) {
            inputs.add(d.in(3));
        }
        d.output(0, "Conv", tiles, inputs.toArray(String[]::new));
    }

    /** The parts of axis 1 for each group of offsets. */
    private List<String> groups(String x) {
        return offsetGroups == 1 ? List.of(x) : d.splitChannels(x, (int) offsetGroups);
    }

    /** Where the taps read: [N, offset groups, oh·kh, ow·kw, 2], the column first. */
    private String grids() {
        String first = d.integers("taps", 0, offsetGroups, rows.kernel(), columns.kernel(), 2);
        String offsets = d.op("Reshape", d.in(2), joined(first, d.dims(d.in(2), 2, 4)));
        // [N, offset groups, oh, kh, ow, kw, 2].
        String tiled = d.transpose(offsets, 0, 1, 5, 2, 6, 3, 4);
        List<String> parts = d.split(tiled, 2);
        String row = coordinate(parts.get(0), rows, 4);
        String column = coordinate(parts.get(1), columns, 2);
        String both = d.op("Concat", Attributes.NONE.with("axis", -1L), column, row);
        return d.op("Reshape", both, joined(d.integers("groups", 0, offsetGroups), tiles(), d.integers("two", 2)));
    }

    /**
     * A tap's coordinate as GridSample takes it, {@code (2p + 1) / size - 1} with the pixel {@code p = offset + stride · output -
     * padding + dilation · tap}.
     *
     * @param behind axes of {@code offset} from the axis of the output's positions on, without that one
     */
    private String coordinate(String offset, Along along, int behind) {
        String outputs = d.op("Range", d.integer("zero", 0), d.dim(d.in(2), 2L + along.axis()), d.integer("one", 1));
        String starts = d.op(
                "Sub",
                d.op("Mul", outputs, d.integer("stride", along.stride())),
                d.integer("padding", along.padding()));
        long[] taps = new long[Math.toIntExact(along.kernel())];
        for (int tap = 0; tap < taps.length; tap++) {
            taps[tap] = tap * along.dilation();
        }
        String places = d.op(
                "Add", d.reshape(starts, shapeOf(behind + 1)), d.reshape(d.integers("taps", taps), shapeOf(behind)));
        String pixel = d.op("Add", offset, real(places));
        String doubled = d.op("Add", d.op("Mul", pixel, d.scalar("two", 2)), d.scalar("one", 1));
        String size = real(d.dim(d.in(0), 2L + along.axis()));
        return d.op("Sub", d.op("Div", doubled, size), d.scalar("one", 1));
    }

    /** All elements along the first of so many axes. */
    private static long[] shapeOf(int axes) {
        long[] shape = new long[axes];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        return shape;
    }

    private String real(String integers) {
        return d.op("Cast", Attributes.NONE.with("to", 1L), integers);
    }

    /** [N, offset groups, oh·kh, ow·kw]. */
    private String mask() {
        String first = d.integers("taps", 0, offsetGroups, rows.kernel(), columns.kernel());
        String mask = d.op("Reshape", d.in(4), joined(first, d.dims(d.in(4), 2, 4)));
        return d.op(
                "Reshape", d.transpose(mask, 0, 1, 4, 2, 5, 3), joined(d.integers("groups", 0, offsetGroups), tiles()));
    }

    /** Rows and columns of all tiles. */
    private String tiles() {
        return d.op("Mul", d.dims(d.in(2), 2, 4), d.integers("kernel", rows.kernel(), columns.kernel()));
    }

    private String joined(String... parts) {
        return d.op("Concat", Attributes.NONE.with("axis", 0L), parts);
    }
}
