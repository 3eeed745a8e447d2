package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.option.FileKind;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The inputs of {@link OutputGuardTest}, one of each kind, in one file and in several; and what can be done to files. */
final class GuardedFiles {
    private static final Path TORCH = Path.of("../../protos/src/test/resources/pytorch");

    private GuardedFiles() {}

    /** Fills a new folder. */
    static void make(Path in) throws IOException {
        Files.createDirectory(in);
        Fixtures.copyTwice("lenet_cnn", in);
        Files.createDirectory(in.resolve("more"));
        Files.copy(Fixtures.path("lenet_cnn/data.npz"), in.resolve("more/e.npz"));
        Files.copy(TORCH.resolve("adam.pt"), in.resolve("adam.pt"));
        copyFolder(TORCH.resolve("checkpoint-3"), in.resolve("checkpoint-3"));
        copyFolder(TORCH.resolve("checkpoint-4"), in.resolve("checkpoint-4"));
        Files.writeString(
                in.resolve("r.yaml"),
                "models:\n  - {model: a.onnx, fisher: f.safetensors}\n"
                        + "  - {model: external.onnx, fisher: g.safetensors}\n");
        Files.writeString(in.resolve("t.json"), "{\"f\": {\"e\": 0.5}, \"e\": {\"f\": 0.4}}");
        Files.writeString(
                in.resolve("names.txt"),
                "first.weight\n"
                        + "first.bias\n"
                        + "norm.weight\n"
                        + "norm.bias\n"
                        + "second.weight\n"
                        + "second.bias\n"
                        + "head.weight\n"
                        + "head.bias\n");
        Files.copy(Fixtures.path("tiny_bert/model.onnx"), in.resolve("encoder.onnx"));
        Files.copy(Fixtures.path("tiny_bert/tokenizer.json"), in.resolve("tokenizer.json"));
        Files.writeString(in.resolve("q.tsv"), "a small cat\t0\nwho is it?\t2\n");
        Files.writeString(in.resolve("v.tsv"), "a large cat\t1\n");
        Files.createDirectories(in.resolve("pictures/cat"));
        ImageIO.write(
                new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB),
                "png",
                in.resolve("pictures/cat/1.png").toFile());
        Files.writeString(in.resolve("p.csv"), "pictures/cat/1.png,3\n");
        writeModels(in);
        done("mask", "--fisher", in.resolve("f.safetensors"), "--keep", "0.5", "-o", in.resolve("m.safetensors"));
        done("delta", in.resolve("a.onnx"), "--base", in.resolve("b.onnx"), "-o", in.resolve("delta.safetensors"));
        done("embed", "--fisher", in.resolve("f.safetensors"), "-o", in.resolve("e.json"));
        done(
                "sensitivity",
                in.resolve("f.safetensors"),
                "--weights",
                in.resolve("a.onnx"),
                "--budget",
                "9",
                "-o",
                in.resolve("p.json"));
        for (String number : new String[] {"1", "2"}) {
            done(
                    "fisher",
                    in.resolve("a.onnx"),
                    "--data",
                    in.resolve("d.npz"),
                    "--shard",
                    number + "/2",
                    "-o",
                    in.resolve("part-" + number + ".sums"));
        }
        done("convert", in.resolve("adam.pt"), "-o", in.resolve("s-adam.safetensors"));
    }

    /** The weights of one model as safetensors, whole and in shards and as a folder, for TensorFlow, and beside a graph. */
    private static void writeModels(Path in) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (WeightSource model = WeightFormats.open(in.resolve("a.onnx"))) {
            model.names().forEach(name -> tensors.put(name, model.tensor(name)));
            SafetensorsWriter.write(in.resolve("w.safetensors"), tensors, Map.of());
            BundleWriter.write(in.resolve("ck"), tensors);
            writeExternal(in, tensors);
        }
        Path hub = Files.createDirectory(in.resolve("hub"));
        Files.copy(in.resolve("w.safetensors"), hub.resolve("model.safetensors"));
        Files.writeString(hub.resolve("config.json"), "{}");
        try (WeightSource weights = WeightFormats.open(in.resolve("w.safetensors"))) {
            weights.format().write(in.resolve("s.safetensors.index.json"), weights, Map.of(), Map.of());
        }
    }

    /** The model with all its weights in {@code weights.bin}. */
    private static void writeExternal(Path in, Map<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        ModelProto.Builder model = OnnxFile.read(in.resolve("a.onnx")).model().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto old = graph.getInitializer(i);
            Tensor tensor = tensors.get(old.getName());
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteSize());
            tensor.readBytes(0, bytes);
            graph.setInitializer(
                    i,
                    old.toBuilder()
                            .clearRawData()
                            .clearFloatData()
                            .clearInt64Data()
                            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                            .addExternalData(entry("location", "weights.bin"))
                            .addExternalData(entry("offset", Integer.toString(data.size())))
                            .addExternalData(entry("length", Long.toString(tensor.byteSize())))
                            .build());
            data.write(bytes.array());
        }
        Files.write(in.resolve("weights.bin"), data.toByteArray());
        Files.write(in.resolve("external.onnx"), model.build().toByteArray());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (Path file : list(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static void done(Object... words) {
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
    }

    /** What the recipe names. */
    static List<Path> ofRecipe(Path in) {
        return Stream.of("a.onnx", "f.safetensors", "external.onnx", "g.safetensors")
                .map(in::resolve)
                .toList();
    }

    /** Paths that lead to {@code source}; links are called like the output that they stand for, so that the name fits. */
    static List<Path> waysTo(Path source, Path output, Path links) throws IOException {
        Path symbolic = Files.createDirectories(links.resolve("symbolic")).resolve(output.getFileName());
        Path hard = Files.createDirectories(links.resolve("hard")).resolve(output.getFileName());
        Path twice = Files.createDirectories(links.resolve("twice")).resolve(output.getFileName());
        Path around = Files.createSymbolicLink(links.resolve("around"), source.getParent());
        return List.of(
                source,
                source.resolveSibling("../" + source.getParent().getFileName() + "/./" + source.getFileName()),
                Files.createSymbolicLink(symbolic, source),
                Files.createSymbolicLink(twice, symbolic),
                Files.createLink(hard, source),
                around.resolve(source.getFileName()));
    }

    /** Files that a file of {@code kind} may not replace. */
    static List<Path> foreignTo(OutputKind kind, Path output, Path in) {
        return Stream.of(
                        "names.txt",
                        "a.onnx",
                        "w.safetensors",
                        "s-adam.safetensors",
                        "m.safetensors",
                        "delta.safetensors",
                        "e.json",
                        "t.json",
                        "p.json",
                        "d.npz",
                        "ck.index",
                        "weights.bin")
                .map(in::resolve)
                .filter(file -> !kind.kindsUnder(output).contains(FileKind.of(file)))
                .toList();
    }

    /** All files below a folder with their contents, links as what they lead to. */
    static Map<Path, String> contents(Path folder) throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                contents.put(file, bytes.length + " " + Arrays.hashCode(bytes));
            }
        }
        return contents;
    }

    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Empties a folder if there is one. */
    static void clear(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.delete(file);
                }
            }
        }
    }
}
