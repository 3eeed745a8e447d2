package io.squisher.onnx.image;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorShapeProto.Dimension;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The input of a model that takes pictures.
 *
 * @param channels 1 or 3
 * @param channelsFirst whether a picture is {@code [channels, height, width]}, and not {@code [height, width, channels]}
 */
record ImageInput(String name, int channels, boolean channelsFirst, int height, int width) {
    private static final int MOST_PIXELS = 1 << 26;

    /**
     * The only input of a model.
     *
     * @param side width and height where the model leaves them open
     * @throws SquisherException if it takes no pictures, or pictures of another size
     */
    static ImageInput of(OnnxFile model, OptionalInt side) {
        GraphProto graph = model.model().getGraph();
        Set<String> stored =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        List<ValueInfoProto> inputs = graph.getInputList().stream()
                .filter(input -> !stored.contains(input.getName()))
                .toList();
        if (inputs.size() != 1) {
            throw new SquisherException("'" + model.path() + "' has " + inputs.size()
                    + " inputs, and pictures are for models of one; give arrays with --data");
        }
        ValueInfoProto input = inputs.get(0);
        List<Dimension> dims = input.getType().getTensorType().getShape().getDimList();
        boolean first = dims.size() == 4 && isChannels(dims.get(1));
        if (dims.size() != 4 || !first && !isChannels(dims.get(3))) {
            throw new SquisherException("the input '" + input.getName() + "' of '" + model.path()
                    + "' takes no pictures, which are [N, 3, height, width], [N, height, width, 3] or the same with 1 channel;"
                    + " give arrays with --data");
        }
        int row = first ? 2 : 1;
        ImageInput found = new ImageInput(
                input.getName(),
                (int) dims.get(first ? 1 : 3).getDimValue(),
                first,
                size(dims.get(row), side, model),
                size(dims.get(row + 1), side, model));
        if ((long) found.height * found.width > MOST_PIXELS) {
            throw new SquisherException("pictures of " + found.width + " x " + found.height + " are larger than "
                    + MOST_PIXELS + " pixels");
        }
        return found;
    }

    private static boolean isChannels(Dimension dim) {
        return dim.getDimValue() == 1 || dim.getDimValue() == 3;
    }

    private static int size(Dimension dim, OptionalInt side, OnnxFile model) {
        if (dim.getDimValue() > 0) {
            if (side.isPresent() && side.getAsInt() != dim.getDimValue()) {
                throw new SquisherException("'" + model.path() + "' takes pictures of " + dim.getDimValue()
                        + " pixels, not of " + side.getAsInt());
            }
            return Math.toIntExact(dim.getDimValue());
        }
        return side.orElseThrow(() -> new SquisherException("'" + model.path()
                + "' takes pictures of any size; say with --image-size which it was trained on, such as 224"));
    }

    /** Where a value of a picture stands among its values. */
    int place(int channel, int y, int x) {
        return channelsFirst ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
    }

    int values() {
        return channels * height * width;
    }
}
