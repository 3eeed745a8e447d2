package io.squisher.onnx.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFileTest {
    @TempDir
    Path folder;

    private List<TextLine> read(String content, String columns) throws IOException {
        return read(content.getBytes(StandardCharsets.UTF_8), columns);
    }

    private List<TextLine> read(byte[] content, String columns) throws IOException {
        Path file = Files.write(folder.resolve("t.tsv"), content);
        List<TextLine> lines = new ArrayList<>();
        new TextFile(file, Optional.ofNullable(columns).map(TextColumns::parse), "labels").read(lines::add);
        return lines;
    }

    private static TextLine line(long number, String text, String label) {
        return new TextLine(number, text, Optional.empty(), label);
    }

    @Test
    void aLineIsTextAndLabel() throws IOException {
        assertEquals(
                List.of(line(1, "Who is it ?", "3"), line(3, "Wo \"ist\" süß", "0")),
                read("\uFEFFWho is it ?\t3\r\n\nWo \"ist\" süß\t 0", null));
    }

    @Test
    void aHeaderNamesTheColumns() throws IOException {
        assertEquals(List.of(line(2, "a b", "x")), read("Label\tcomment\nx\ta b\n", null));
        assertEquals(List.of(line(2, "a b", "x")), read("id\tsentence\tintent\n7\ta b\tx\n", null));
        assertEquals(
                List.of(new TextLine(2, "p", Optional.of("h"), "x")),
                read("premise\thypothesis\tidx\tlabels\np\th\t9\tx\n", null));
    }

    @Test
    void columnsAreSaid() throws IOException {
        assertEquals(List.of(line(1, "a b", "x")), read("x\t7\ta b\n", "label,-,text"));
        assertEquals(List.of(line(2, "a b", "x")), read("label\tcomment\nx\ta b\n", "label,text"));
        assertEquals(List.of(new TextLine(1, "a", Optional.of("b"), "x")), read("a\tb\tx\n", null));
    }

    @Test
    void textsMayHaveNoLabels() throws IOException {
        assertEquals(List.of(line(1, "label", ""), line(2, "b", "")), read("label\nb\n", "text"));
    }

    @Test
    void readingEndsWhereNoMoreIsTaken() throws IOException {
        Path file = Files.writeString(folder.resolve("t.tsv"), "a\t0\nb\t1\nthis line is broken\n");
        List<TextLine> lines = new ArrayList<>();
        new TextFile(file, Optional.empty(), "labels").read(line -> {
            lines.add(line);
            return lines.size() < 2;
        });
        assertEquals(2, lines.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b c|not a table of texts .line 1 has 1 column, and names none 'label'; a line is"
                        + " text<TAB>label.*--columns",
                "a;b;c;d|line 1 has 4 columns",
                "a;0/b|line 2 of '.*' has 1 column, not 2; columns are separated by tabs",
                "a;0/b; |line 2 of '.*' has no label",
                "label;x;y/0;a;b|which of the columns \\[label, x, y\\] of '.*' is the text does not show; --columns",
                "/|bad table of texts \\(it has no lines\\)",
            })
    void whatIsNoTableIsRefused(String content, String message) {
        assertRefused(content.replace(';', '\t').replace('/', '\n').getBytes(StandardCharsets.UTF_8), message);
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        assertRefused(
                new byte[] {'a', '\t', '0', '\n', (byte) 0xC3, '\n'},
                "not a table of texts .*it is not UTF-8, at line 1 or later");
        assertRefused(new byte[] {'a', 0, 1, 2}, "not a table of texts");
        assertRefused("x".repeat(1 << 21).getBytes(StandardCharsets.UTF_8), "line 1 has more than 1048576 characters");
        SquisherException missing = assertThrows(
                SquisherException.class,
                () -> new TextFile(folder.resolve("none.tsv"), Optional.empty(), "labels").read(line -> true));
        assertTrue(missing.getMessage().endsWith("none.tsv': no such file"), missing.getMessage());
    }

    private void assertRefused(byte[] content, String message) {
        SquisherException refused = assertThrows(SquisherException.class, () -> read(content, null));
        assertTrue(refused.getMessage().matches("(?s).*" + message + ".*"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"label|1 and 0", "label,label,text|2 and 1", "text,text,text,label|1 and 3"})
    void columnsAreOneLabelAndOneOrTwoTexts(String columns, String numbers) {
        SquisherException refused = assertThrows(SquisherException.class, () -> TextColumns.parse(columns));
        assertTrue(refused.getMessage().endsWith("not " + numbers), refused.getMessage());
    }
}
