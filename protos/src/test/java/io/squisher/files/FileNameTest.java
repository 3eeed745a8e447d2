package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "__0_0.distcp", "a..b", "..a", " ", "naïve ü"})
    void whatAFileBesideCanHave(String name) {
        assertTrue(FileName.isPlain(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/etc/passwd", "a/b", "a/", "../a", "a\\b", "..\\a", "C:\\a", "a\0b"})
    void whatLeadsElsewhereOrNowhere(String name) {
        assertFalse(FileName.isPlain(name));
    }
}
