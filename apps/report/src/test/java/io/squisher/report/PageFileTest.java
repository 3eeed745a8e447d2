package io.squisher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.internal.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageFileTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void numbersStandBesideTheirPage() {
        assertEquals(Path.of("a", "results.json"), PageFile.resultsBeside(Path.of("a", "report.html")));
        assertEquals(Path.of("a", "prune.results.json"), PageFile.resultsBeside(Path.of("a", "prune.HTML")));
        assertEquals(Path.of("b.c.results.json"), PageFile.resultsBeside(Path.of("b.c.htm")));
    }

    @Test
    void aPageIsOneSmallFileThatNamesNoOther() {
        String page = PageFile.page(Gallery.report());
        assertTrue(page.length() < 2 * MEGABYTE, page.length() + " characters");
        assertFalse(page.contains("<script src"), "scripts are inside");
        assertFalse(page.contains("<link rel=\"stylesheet\""), "the style is inside");
        assertTrue(page.contains("default-src 'none'"), "the browser asks nobody");
    }

    @Test
    void noNameOfAFileEndsTheScript() {
        String page = PageFile.page(Gallery.report());
        int start = page.indexOf("<script type=\"application/json\" id=\"data\">");
        String data = page.substring(start, page.indexOf("</script>", start));
        assertTrue(data.contains("\\u003c/script\\u003e\\u003cimg src"), "markup is written as escapes");
        assertTrue(data.endsWith("}"), "the data end where they should");
        assertTrue(page.contains("<title>Every block, &lt;/script&gt;&lt;img"), "the title is text");
    }

    @Test
    void aMemberOfEveryResultIsNotReplaced() {
        JsonObject more = new JsonObject();
        more.addProperty("tables", "mine");
        assertThrows(IllegalArgumentException.class, () -> PageFile.results(Gallery.report(), more));
    }

    @Test
    void tablesHaveAsManyCellsAsColumns() {
        Table table = Table.of("id", "caption", Column.text("a", "a"), Column.number("b", "b"));
        assertThrows(IllegalArgumentException.class, () -> table.row("only one"));
        assertEquals(
                "[{\"a\":\"x\",\"b\":null}]",
                table.row("x", Double.NaN).records().toString());
        assertEquals("[[\"x\",null]]", table.json().getAsJsonArray("rows").toString());
        Page page = new Page("c", "t", "l", Map.of(), List.of(), List.of(new Section("s", "S", table)));
        assertTrue(PageFile.results(page, new JsonObject())
                .getAsJsonObject("tables")
                .has("id"));
    }

    @Test
    void numbersHaveFiveDigits() {
        assertEquals(
                "[1.2346,3,null,1.0E-9]",
                PageJson.numbers(1.23456789, 3, Double.NaN, 1e-9).toString());
    }
}
