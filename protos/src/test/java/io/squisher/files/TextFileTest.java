package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsTextWithoutAnEditorsMark() throws IOException {
        Path file = folder.resolve("names.txt");
        Files.writeString(file, "\uFEFFfirst.weight\nβ\n");
        assertEquals("first.weight\nβ\n", TextFile.read(file, "list of names"));
    }

    @Test
    void whatIsNoTextIsNamed() throws IOException {
        assertRefused(
                "\u0093NUMPY\1\0", "it is one array of NumPy; numpy.savez('data.npz', name=array) gives it a name");
        assertRefused("\b\b\22\7pytorch\0", "it is an ONNX model");
        assertRefused("\u00ff\u00ff", "it is not text in UTF-8");
        assertRefused("a\0b", "it is not text");
        assertRefused(" \n ", "it is empty");
        assertRefused("", "the file is empty; download or export it again");
    }

    private void assertRefused(String bytes, String words) throws IOException {
        Path file = Files.write(folder.resolve("t"), bytes.getBytes(StandardCharsets.ISO_8859_1));
        FormatException e = assertThrows(FormatException.class, () -> TextFile.read(file, "list of names"));
        assertEquals("cannot read '" + file + "': not a list of names (" + words + ")", e.getMessage());
    }

    @Test
    void aFolderIsOne() {
        FormatException e = assertThrows(FormatException.class, () -> TextFile.read(folder, "list of names"));
        assertEquals("cannot read '" + folder + "': it is a folder", e.getMessage());
    }
}
