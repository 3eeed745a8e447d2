package io.squisher.onnx.image;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Pictures as an input takes them, {@code [N, …]} float32, decoded as they are read. Small sets are decoded once. */
final class ImageArray implements Tensor {
    private static final int BYTES = 4;
    private static final long KEPT_BYTES = 256L << 20;

    private final List<Path> files;
    private final ImageInput input;
    private final ImageFit fit;
    private final ImageScale scale;
    private final ByteBuffer[] kept;

    ImageArray(List<Path> files, ImageInput input, ImageFit fit, ImageScale scale) {
        this.files = files;
        this.input = input;
        this.fit = fit;
        this.scale = scale;
        boolean small = (long) files.size() * input.values() * BYTES <= KEPT_BYTES;
        this.kept = small ? new ByteBuffer[files.size()] : new ByteBuffer[0];
    }

    @Override
    public ElementType type() {
        return ElementType.F32;
    }

    @Override
    public Shape shape() {
        return input.channelsFirst()
                ? Shape.of(files.size(), input.channels(), input.height(), input.width())
                : Shape.of(files.size(), input.height(), input.width(), input.channels());
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int size = input.values() * BYTES;
        long at = offset;
        while (target.hasRemaining()) {
            int from = (int) (at % size);
            int count = Math.min(target.remaining(), size - from);
            target.put(picture(Math.toIntExact(at / size)).slice(from, count));
            at += count;
        }
    }

    private ByteBuffer picture(int number) {
        if (kept.length == 0) {
            return read(files.get(number));
        }
        synchronized (kept) {
            if (kept[number] == null) {
                kept[number] = read(files.get(number));
            }
            return kept[number];
        }
    }

    private ByteBuffer read(Path file) {
        Picture picture = Picture.read(file, input.channels());
        double across = (double) picture.width() / input.width();
        double down = (double) picture.height() / input.height();
        if (fit == ImageFit.CROP) {
            across = Math.min(across, down);
            down = across;
        }
        double takenWidth = across * input.width();
        double takenHeight = down * input.height();
        Resizing columns = new Resizing(picture.width(), (picture.width() - takenWidth) / 2, takenWidth, input.width());
        Resizing rows =
                new Resizing(picture.height(), (picture.height() - takenHeight) / 2, takenHeight, input.height());
        ByteBuffer bytes = ByteBuffer.allocate(input.values() * BYTES).order(ByteOrder.LITTLE_ENDIAN);
        double[] narrow = new double[picture.height() * input.width()];
        for (int channel = 0; channel < input.channels(); channel++) {
            int c = channel;
            for (int y = 0; y < picture.height(); y++) {
                int line = y * picture.width();
                for (int x = 0; x < input.width(); x++) {
                    narrow[y * input.width() + x] =
                            columns.value(x, i -> picture.values()[(line + i) * input.channels() + c]);
                }
            }
            for (int x = 0; x < input.width(); x++) {
                int column = x;
                for (int y = 0; y < input.height(); y++) {
                    double value = rows.value(y, i -> narrow[i * input.width() + column]);
                    bytes.putFloat(input.place(channel, y, x) * BYTES, scale.of(value, channel));
                }
            }
        }
        return bytes;
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
