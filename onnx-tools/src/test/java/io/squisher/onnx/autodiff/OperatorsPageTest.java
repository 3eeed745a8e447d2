package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class OperatorsPageTest {
    @Test
    void thePageIsWhatTheTablesSay() throws IOException {
        assertEquals(
                OperatorsPage.text(),
                Files.readString(OperatorsPage.FILE),
                "run the main method of OperatorsPage in onnx-tools to write the page anew");
    }
}
