package io.squisher.examples.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    @Test
    void standsAlone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        new HtmlReport("A < B")
                .table(new Table("x & y").row("1"))
                .picture(new byte[] {1, 2, 3}, "three")
                .write(file);
        String page = Files.readString(file);
        assertTrue(page.contains("<h1>A &lt; B</h1>"), page);
        assertTrue(page.contains("<th>x &amp; y</th>"), page);
        assertTrue(page.contains("data:image/png;base64,AQID"), page);
        assertFalse(page.contains("http"), "no other file is needed");
    }
}
