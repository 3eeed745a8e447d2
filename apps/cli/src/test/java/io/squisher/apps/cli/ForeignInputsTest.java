package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.cases.SomeOf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Every command, every place of a file, every content that does not belong there: one line that says what the file is. */
class ForeignInputsTest {
    /** Places that take text: there a table or JSON is no foreign content, and the reader says what it misses. */
    private static final String TEXT_PLACE = ".*\\.(yaml|txt|json|tsv|csv)";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        GuardedFiles.make(folder.resolve("in"));
        Files.createDirectory(folder.resolve("out"));
    }

    /** Contents that nobody reads, by words that the line must have. */
    private static Map<String, byte[]> binary() throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("one array of NumPy", bytes("\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'shape': (3,), }\n"));
        contents.put("the file is empty", new byte[0]);
        contents.put(
                "pointer of Git LFS", bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"));
        contents.put("web page", bytes("<!DOCTYPE html>\n<html><body>Not found</body></html>"));
        contents.put("Parquet", bytes("PAR1\u0015\u0004\u0015\u0010\u0015\u0014L\u0015\u0002PAR1"));
        contents.put("picture (PNG)", bytes("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR"));
        contents.put("picture (JPEG)", bytes("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF"));
        contents.put("gzip", bytes("\u001f\u008b\b\0\0\0\0\0\0\u0003\u0003\0"));
        contents.put("end is missing", half(folder.resolve("in/d.npz")));
        contents.put("archive with nothing in it", bytes("PK\u0005\u0006" + "\0".repeat(18)));
        contents.put("database", bytes("SQLite format 3\0\u0010\0\u0001\u0001"));
        contents.put("pickle", bytes("\u0080\u0004\u0095\u0010\0\0\0\0\0\0\0}\u0094."));
        contents.put("HDF5", bytes("\u0089HDF\r\n\u001a\n\0\0\0\0\0\b\b\0\u0004\0\u0010\0" + "\0".repeat(80)));
        return contents;
    }

    private static Map<String, byte[]> texts() {
        return Map.of(
                "table as text (CSV)", bytes("x,y,z\n1,2,3\n4,5,6\n7,8,9\n"),
                "it is text", bytes("These are the data.\n"),
                "it is JSON", bytes("{\"error\": \"Repository not found\"}"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] half(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        return Arrays.copyOf(all, all.length / 2);
    }

    static Stream<String> lines() {
        return OutputGuardTest.sound().stream();
    }

    @ParameterizedTest
    @SomeOf("lines")
    void everyFileIsNamedForWhatItIsWhereverItIsGiven(String text) throws IOException {
        SoundLine line = SoundLine.of(text, folder);
        for (int position : line.inputPositions()) {
            Path sound = Path.of(line.words().get(position));
            for (Map.Entry<String, byte[]> content : binary().entrySet()) {
                assertNamed(line, position, put(sound, content.getValue()), content.getKey());
            }
            for (Map.Entry<String, byte[]> content : texts().entrySet()) {
                boolean textPlace = sound.toString().matches(TEXT_PLACE);
                assertNamed(line, position, put(sound, content.getValue()), textPlace ? "" : content.getKey());
            }
        }
    }

    @ParameterizedTest
    @SomeOf("lines")
    void aFolderIsNamedAFolder(String text) throws IOException {
        SoundLine line = SoundLine.of(text, folder);
        for (int position : line.inputPositions()) {
            Path place = Files.createDirectories(folder.resolve("folder").resolve(name(line, position)));
            assertNamed(line, position, place, "folder");
        }
    }

    /** Formats that are read elsewhere: examples as a model, a model as examples. */
    @ParameterizedTest
    @SomeOf("lines")
    void aSoundFileOfAnotherKindIsNamedForWhatItIs(String text) throws IOException {
        SoundLine line = SoundLine.of(text, folder);
        for (int position : line.inputPositions()) {
            String name = name(line, position);
            if (name.equals("d.npz")) {
                assertNamed(line, position, put(Path.of("d.npz"), in("a.onnx")), "it is an ONNX model; numpy.savez");
                assertNamed(
                        line, position, put(Path.of("d.npz"), in("w.safetensors")), "it is a safetensors file; numpy.");
                assertNamed(line, position, put(Path.of("d.npz"), in("adam.pt")), "it is a PyTorch file; numpy.savez");
                assertNamed(line, position, put(Path.of("d.npz"), in("ck.index")), "index of a TensorFlow checkpoint");
            } else if (name.equals("f.safetensors") && !text.startsWith("compare")) {
                assertNamed(line, position, put(Path.of(name), in("a.onnx")), "it is an ONNX model");
                assertNamed(line, position, put(Path.of(name), in("d.npz")), "it is an archive of NumPy");
            } else if (name.matches("r.yaml|names.txt|t.json|e.json|q.tsv|p.csv|tokenizer.json")) {
                assertNamed(line, position, put(Path.of(name), in("a.onnx")), "it is an ONNX model");
                assertNamed(line, position, put(Path.of(name), in("adam.pt")), "it is a PyTorch file");
            }
        }
    }

    private static byte[] in(String name) throws IOException {
        return Files.readAllBytes(folder.resolve("in").resolve(name));
    }

    private static String name(SoundLine line, int position) {
        return Path.of(line.words().get(position)).getFileName().toString();
    }

    private static Path put(Path sound, byte[] content) throws IOException {
        Path place = Files.createDirectories(folder.resolve("foreign")).resolve(sound.getFileName());
        return Files.write(place, content);
    }

    private static void assertNamed(SoundLine line, int position, Path file, String words) throws IOException {
        Run run = line.runWith(position, file, "--quiet");
        String what = String.join(" ", line.words()) + " with " + file + " (" + words + "): ";
        assertTrue(run.exitCode() == 1 || run.exitCode() == 2, what + run.exitCode() + run.out());
        String message = run.err()
                .lines()
                .filter(said -> !said.startsWith("squisher: warning: "))
                .collect(Collectors.joining("\n"));
        assertEquals(1, message.lines().count(), what + message);
        assertFalse(message.contains("unexpected") || message.contains("Exception"), what + message);
        assertTrue(message.contains(words), what + message);
        assertEquals(List.of(), GuardedFiles.list(folder.resolve("out")), what);
    }

    /** What a file is called says nothing: each sound file under the suffix of another format does the same work. */
    @Test
    void formatsAreKnownByTheirContent() throws IOException {
        Path in = folder.resolve("in");
        Path renamed = Files.createDirectories(folder.resolve("renamed"));
        Map<String, List<String>> names = Map.of(
                "a.onnx", List.of("a.bin", "a.pt", "a.safetensors", "a"),
                "w.safetensors", List.of("w.pt", "w.onnx", "w.npz", "w"),
                "f.safetensors", List.of("f.npz", "f.onnx", "f"),
                "adam.pt", List.of("adam.safetensors", "adam.npz", "adam"),
                "d.npz", List.of("d.zip", "d.pt", "d"));
        List<String> lines = List.of(
                "inspect a.onnx",
                "inspect w.safetensors",
                "inspect f.safetensors",
                "inspect adam.pt",
                "inspect d.npz",
                "prune a.onnx --fisher f.safetensors --sparsity 0.5 --dry-run",
                "prune w.safetensors --fisher f.safetensors --sparsity 0.5 --dry-run",
                "merge --method average --model a.onnx --model b.onnx --dry-run",
                "mask --fisher f.safetensors --keep 0.5 --dry-run",
                "evaluate a.onnx --data d.npz --limit 2",
                "compare f.safetensors f.safetensors",
                "convert adam.pt --dry-run",
                "convert adam.pt --model adam.pt --dry-run");
        for (String line : lines) {
            for (Map.Entry<String, List<String>> entry : names.entrySet()) {
                for (String name : entry.getValue()) {
                    List<Object> words = new ArrayList<>();
                    boolean takes = false;
                    for (String word : line.split(" ")) {
                        boolean other = word.equals(entry.getKey());
                        takes |= other;
                        words.add(
                                other
                                        ? renamed.resolve(name)
                                        : word.matches("[\\w]+\\.[a-z]+") ? in.resolve(word) : word);
                    }
                    if (takes) {
                        Files.deleteIfExists(renamed.resolve(name));
                        Files.copy(in.resolve(entry.getKey()), renamed.resolve(name));
                        Run run = Run.of(words.toArray());
                        assertEquals(0, run.exitCode(), words + ": " + run.err());
                    }
                }
            }
        }
    }
}
