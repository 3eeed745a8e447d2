package io.squisher.examples.benchmarks;

import io.squisher.apps.cli.Main;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Times {@code squisher convert} beside a plain copy of the bytes that it must touch, in turns within one run: the weights are
 * read (for their hash), the accumulators are copied into a new file and forced to disk; the averages of gradients, a third of the
 * checkpoint, are not touched. Before that the first
 * listing of files of 10 GB, which are mostly a hole. Prints JSON.
 *
 * <p>Arguments: {@code parameters=5}, {@code side=4096} (matrices; three times 64 MiB each), {@code rounds=5}, {@code folder=PATH}
 * (by default the system's temporary one; the files are gone at the end).
 */
public final class ConvertBenchmark {
    private static final int LISTED_PARAMETERS = 300;
    private static final int LISTED_SIDE = 1700;
    private static final int PIECE = 1 << 20;

    private final Path folder;
    private final int parameters;
    private final int side;
    private final int rounds;

    private ConvertBenchmark(Path folder, Arguments options) {
        this.folder = folder;
        this.parameters = options.integer("parameters", 5);
        this.side = options.integer("side", 4096);
        this.rounds = options.integer("rounds", 5);
    }

    public static void main(String[] arguments) throws IOException {
        Arguments options = new Arguments(arguments);
        Path folder = Files.createTempDirectory(
                Files.createDirectories(Path.of(options.text("folder", System.getProperty("java.io.tmpdir")))),
                "convert");
        try {
            JsonObject json = new ConvertBenchmark(folder, options).measure();
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
        } finally {
            clear(folder);
            Files.delete(folder);
        }
    }

    private JsonObject measure() throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("heap_megabytes", Runtime.getRuntime().maxMemory() >> 20);
        Path large = folder.resolve("large.pt");
        TorchArchive.write(large, LISTED_PARAMETERS, LISTED_SIDE, true);
        json.add("pytorch_listing", listing(large, 3 * LISTED_PARAMETERS));
        json.add("safetensors_listing", listing(safetensorsOfAHole(), LISTED_PARAMETERS));
        Path torch = folder.resolve("checkpoint.pt");
        TorchArchive.write(torch, parameters, side, false);
        json.add("pytorch", compare(torch, torch));
        Path safetensors = folder.resolve("model.safetensors");
        SafetensorsWriter.write(safetensors, tensors("layer.%d.weight"), Map.of());
        Path names = folder.resolve("names.txt");
        Files.write(names, tensors("layer.%d.weight").keySet());
        json.add("pytorch_with_safetensors", compare(torch, torch, "--model", safetensors, "--names", names));
        clear(folder);
        Path prefix = folder.resolve("model.ckpt");
        Map<String, Tensor> variables = new LinkedHashMap<>();
        for (String form : new String[] {"layer%d", "layer%d-m", "layer%d-v"}) {
            variables.putAll(tensors(form));
        }
        variables.put("beta2_power", Tensor.of(Shape.of(), 0.9f));
        BundleWriter.write(prefix, variables);
        json.add("tensorflow", compare(prefix, folder.resolve("model.ckpt.data-00000-of-00001")));
        return json;
    }

    private Map<String, Tensor> tensors(String form) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < parameters; i++) {
            tensors.put(String.format(form, i), new Noise(Shape.of(side, side)));
        }
        return tensors;
    }

    private JsonObject compare(Path checkpoint, Path bytes, Object... options) {
        long touched = 4L * parameters * side * side;
        Path output = folder.resolve("squisher.safetensors");
        Object[] words = Stream.concat(
                        Stream.of("convert", checkpoint, "--batch-size", 32, "-o", output), Stream.of(options))
                .toArray();
        Timings plain = new Timings(rounds);
        Timings convert = new Timings(rounds);
        for (int round = -1; round < rounds; round++) {
            plain.time(round, () -> copy(bytes, folder.resolve("copy"), touched));
            convert.time(round, () -> run(words));
            delete(folder.resolve("copy"));
            delete(output);
        }
        JsonObject json = new JsonObject();
        json.addProperty("megabytes_read", touched * 2e-6);
        json.addProperty("megabytes_written", touched * 1e-6);
        json.addProperty("plain_copy_ms", plain.median() * 1e3);
        json.addProperty("convert_ms", convert.median() * 1e3);
        json.addProperty("share_of_the_copys_speed", plain.medianRatioTo(convert));
        return json;
    }

    /** Reads the first {@code count} bytes, and copies as many after them. */
    private static void copy(Path from, Path to, long count) {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            for (long at = 0; at < 2 * count; at += PIECE) {
                piece.clear();
                while (piece.hasRemaining() && source.read(piece, at + piece.position()) >= 0) {
                    // Until the piece is full.
                }
                piece.flip();
                while (at >= count && piece.hasRemaining()) {
                    target.write(piece);
                }
            }
            target.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonObject listing(Path file, int tensors) throws IOException {
        Timings first = new Timings(1);
        first.time(0, () -> run("inspect", file, "--no-statistics"));
        JsonObject json = new JsonObject();
        json.addProperty("megabytes", Files.size(file) * 1e-6);
        json.addProperty("tensors", tensors);
        json.addProperty("first_ms", first.median() * 1e3);
        Files.delete(file);
        return json;
    }

    /** As large as the checkpoint: wider tensors, since it holds one of three. */
    private Path safetensorsOfAHole() throws IOException {
        long elements = 3L * LISTED_SIDE * LISTED_SIDE;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < LISTED_PARAMETERS; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"layer.")
                    .append(i)
                    .append(".weight\":{\"dtype\":\"F32\",\"shape\":[");
            header.append(elements)
                    .append("],\"data_offsets\":[")
                    .append(4 * elements * i)
                    .append(',');
            header.append(4 * elements * (i + 1)).append("]}");
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(text.length).put(text).flip();
        Path file = folder.resolve("large.safetensors");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            channel.write(start);
            channel.write(ByteBuffer.allocate(1), 8 + text.length + 4 * elements * LISTED_PARAMETERS - 1);
        }
        return file;
    }

    private static void run(Object... words) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        String[] arguments = Stream.of(words).map(Object::toString).toArray(String[]::new);
        int code = Main.run(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                arguments);
        if (code != 0) {
            throw new IllegalStateException(errors.toString(StandardCharsets.UTF_8));
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
