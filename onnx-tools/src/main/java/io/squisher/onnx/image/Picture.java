package io.squisher.onnx.image;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A decoded picture: {@code channels} values from 0 to 255 for each pixel, row by row. What is transparent shows its colour; one
 * channel of a coloured picture is its luma, {@code 0.299 R + 0.587 G + 0.114 B}. The orientation that a camera notes beside the
 * pixels is not looked at.
 */
record Picture(int width, int height, int channels, float[] values) {
    private static final String FORMAT = "PNG or JPEG picture";
    private static final int MOST_PIXELS = 1 << 27;

    /**
     * Reads a file.
     *
     * @throws SquisherException if it is no such picture, or has more than 2^27 pixels
     */
    static Picture read(Path file, int channels) {
        try {
            if (!Files.isRegularFile(file)) {
                throw Files.exists(file) ? new IOException("it is no file") : new NoSuchFileException(file.toString());
            }
            return of(decoded(file), channels);
        } catch (IOException e) {
            throw file.toFile().canRead() && Files.isRegularFile(file)
                    ? FormatException.bad(file, FORMAT, FormatException.firstLine(e))
                    : FormatException.unreadable(file, e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            // The decoders of damaged files.
            throw FormatException.bad(file, FORMAT, FormatException.firstLine(e));
        }
    }

    private static BufferedImage decoded(Path file) throws IOException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw FormatException.notA(file, FORMAT, "its bytes are no picture's");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw FormatException.unsupported(
                            file, FORMAT, "it has " + pixels + " pixels, at most " + MOST_PIXELS);
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Picture of(BufferedImage image, int channels) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[] values = new float[width * height * channels];
        boolean grey = image.getRaster().getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            if (grey) {
                greyRow(image, y, row);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
            }
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * channels;
                int red = row[x] >> 16 & 255;
                int green = row[x] >> 8 & 255;
                int blue = row[x] & 255;
                if (channels == 1) {
                    values[at] = grey ? red : (299 * red + 587 * green + 114 * blue) / 1000f;
                } else {
                    values[at] = red;
                    values[at + 1] = green;
                    values[at + 2] = blue;
                }
            }
        }
        return new Picture(width, height, channels, values);
    }

    /** As stored: by way of colours Java would take a grey for linear light, and brighten it. */
    private static void greyRow(BufferedImage image, int y, int[] row) {
        Raster raster = image.getRaster();
        int bits = image.getColorModel().getComponentSize(0);
        for (int x = 0; x < row.length; x++) {
            int sample = raster.getSample(x, y, 0);
            int grey = bits == 8 ? sample : (int) Math.round(sample * 255.0 / ((1 << bits) - 1));
            row[x] = grey << 16 | grey << 8 | grey;
        }
    }
}
