package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherFile;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignContentTest {
    private static final String LFS =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 173272836\n";

    private static final List<String> NAMES = List.of(
            "m.safetensors",
            "m.onnx",
            "m.pt",
            "m.bin",
            "m.keras",
            "m.h5",
            "m.weights.h5",
            "m.npz",
            "m.index",
            "m.ckpt",
            "model.safetensors.index.json",
            "m");

    @TempDir
    private Path folder;

    /** What a file may hold, and words that the message must have. */
    private static Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put(
                "pointer of Git LFS (173272836 bytes are elsewhere); fetch the file with 'git lfs pull'", ascii(LFS));
        contents.put("git annex get", ascii("/annex/objects/SHA256E-s1--00\n"));
        contents.put("it is a web page", ascii("\n <!DOCTYPE html>\n<html lang=\"en\"><head></head></html>"));
        contents.put("the file is empty", new byte[0]);
        contents.put("it is XML", ascii("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"));
        contents.put("it is a gzip archive", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1});
        contents.put("it is a picture (PNG)", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
        contents.put("the directory at the archive's end is missing", Arrays.copyOf(archive(), 60));
        return contents;
    }

    private static Map<String, byte[]> texts() {
        Map<String, byte[]> texts = new LinkedHashMap<>();
        texts.put("it is a table as text (CSV)", ascii("x,y,z\n1,2,3\n4,5,6\n7,8,9\n"));
        texts.put("it is JSON", ascii("{\"error\": \"Repository not found\"}"));
        texts.put("it is text", ascii("import torch\n\nprint('hello')\n"));
        texts.put("nothing but zeros", new byte[5000]);
        texts.put("it is text in UTF-16", new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0, 'b', 0});
        return texts;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[100]);
        }
        return bytes.toByteArray();
    }

    /** Every reader, every name: what the bytes are is said by all in the same words. */
    @Test
    void everyReaderSaysWhatTheFileIs() throws IOException {
        Map<String, Consumer<Path>> readers = Map.of(
                "weights", path -> WeightFormats.open(path).close(),
                "checkpoint", path -> CheckpointFormats.open(path).close(),
                "Fisher", path -> FisherFile.open(path).close(),
                "ONNX", path -> OnnxFile.read(path));
        for (Map.Entry<String, byte[]> content : contents().entrySet()) {
            for (String name : NAMES) {
                Path file = Files.write(folder.resolve(name), content.getValue());
                readers.forEach((reader, open) -> {
                    SquisherException e = assertThrows(SquisherException.class, () -> open.accept(file));
                    assertTrue(e.getMessage().contains(content.getKey()), reader + ": " + e.getMessage());
                });
            }
        }
    }

    @Test
    void textIsNamedByEveryReaderOfBytes() throws IOException {
        for (Map.Entry<String, byte[]> text : texts().entrySet()) {
            for (String name : NAMES) {
                if (!name.endsWith(".json")) {
                    Path file = Files.write(folder.resolve(name), text.getValue());
                    String weights = assertThrows(SquisherException.class, () -> WeightFormats.open(file))
                            .getMessage();
                    assertTrue(weights.contains(text.getKey()), weights);
                    String checkpoint = assertThrows(SquisherException.class, () -> CheckpointFormats.open(file))
                            .getMessage();
                    assertTrue(checkpoint.contains(text.getKey()), checkpoint);
                }
            }
        }
    }

    @Test
    void wholeArchivesAndUnknownBytesAreNotForeign() throws IOException {
        assertTrue(
                ForeignContent.of(Files.write(folder.resolve("a"), archive())).isEmpty());
        assertTrue(ForeignContent.of(Files.write(folder.resolve("b"), new byte[] {8, 7, 0, 1, 2}))
                .isEmpty());
        assertTrue(ForeignContent.of(folder).isEmpty());
        assertTrue(ForeignContent.of(folder.resolve("missing")).isEmpty());
    }

    @Test
    void hdf5SaysHowMuchOfItIsThere() throws IOException {
        byte[] start = new byte[96];
        System.arraycopy(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'}, 0, start, 0, 8);
        start[41] = 0x20;
        assertEquals(
                "it has 96 of the 8192 bytes that its header states; it was not downloaded or written to its end, so"
                        + " fetch it again",
                ForeignContent.of(Files.write(folder.resolve("m.h5"), start)).orElseThrow());
    }

    @Test
    void aCharacterThatTheLookCutsInTwoIsText() throws IOException {
        assertTrue(ForeignContent.of(Files.write(folder.resolve("t"), ascii("a" + "é".repeat(3000))))
                .isPresent());
        assertFalse(ForeignContent.of(Files.write(folder.resolve("l"), new byte[] {'a', (byte) 0xe9, 'b'}))
                .isPresent());
    }
}
