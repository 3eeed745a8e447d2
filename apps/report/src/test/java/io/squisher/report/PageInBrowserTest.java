package io.squisher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.FluentWait;
import org.xml.sax.SAXException;

/** A page with every kind of block, as a browser shows it from a file. */
class PageInBrowserTest {
    @TempDir
    private static Path folder;

    private static Path page;
    private static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        page = folder.resolve("gallery.html");
        browser = Browser.start(Files.createDirectory(folder.resolve("saved")));
        PageFile.write(Gallery.report(), page);
        browser.look(1440, "light");
        browser.open(page, "");
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static WebElement find(String selector) {
        return browser.driver.findElement(By.cssSelector(selector));
    }

    /** The page as it opens, whatever another test did. */
    private static void fresh() {
        browser.look(1440, "light");
        browser.open(page, "");
        settle();
    }

    private static List<String> texts(String selector) {
        return browser.driver.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .toList();
    }

    @Test
    void opensWithoutAComplaintAndAsksTheNetworkForNothing() {
        assertEquals(List.of(), complaints());
        for (LogEntry entry : browser.driver.manage().logs().get(LogType.PERFORMANCE)) {
            if (entry.getMessage().contains("\"Network.requestWillBeSent\"")) {
                assertFalse(entry.getMessage().contains("\"url\":\"http"), entry.getMessage());
            }
        }
        assertEquals(Gallery.report().sections().size(), texts("main section").size());
        long drawn = (Long) browser.script("return document.querySelectorAll('.drawing svg').length");
        assertEquals((Long) browser.script("return document.querySelectorAll('.drawing').length"), drawn);
    }

    private static List<String> complaints() {
        return browser.driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Test
    void namesAreNeverTakenForMarkup() {
        fresh();
        assertNull(browser.script("return window.hacked"));
        assertEquals("Every block, " + Gallery.HOSTILE, find("h1").getText());
        assertEquals("Every block, " + Gallery.HOSTILE, browser.driver.getTitle());
        assertTrue(texts("#table-layers td.layer").contains(Gallery.HOSTILE));
        assertEquals(0L, browser.script("return document.querySelectorAll('img').length"));
        browser.script("document.querySelectorAll('.drawing').forEach(one => one.dispatchEvent("
                + "new KeyboardEvent('keydown', { key: 'ArrowRight' })))");
        assertEquals(0L, browser.script("return document.querySelectorAll('img').length"));
        assertNull(browser.script("return window.hacked"));
    }

    /** To look at: {@code -Dsquisher.screenshots=FOLDER}. */
    private static void picture(int width, String scheme) throws IOException {
        String place = System.getProperty("squisher.screenshots", "");
        if (!place.isEmpty()) {
            Files.write(
                    Path.of(place, "gallery-" + width + "-" + scheme + ".png"),
                    browser.driver.getScreenshotAs(OutputType.BYTES));
        }
    }

    /** Pictures are drawn again in the next frame. */
    private static void settle() {
        browser.driver.executeAsyncScript(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
    }

    /** Wider than the window is only what scrolls by itself. */
    @ParameterizedTest
    @CsvSource({"390, light", "390, dark", "1440, light", "1440, dark"})
    void nothingOverflows(int width, String scheme) throws IOException {
        browser.look(width, scheme);
        settle();
        Object wide = browser.script("""
                return [...document.querySelectorAll('body *')].filter(one => !one.closest('.scroll, .graph, pre, .wall')
                    && one.getBoundingClientRect().right > window.innerWidth + 1 && one.getClientRects().length > 0)
                  .map(one => one.tagName + '.' + one.getAttribute('class') + ' ' + one.textContent.slice(0, 40))""");
        picture(width, scheme);
        assertEquals(List.of(), wide);
        assertTrue((Boolean) browser.script("return document.scrollingElement.scrollWidth <= window.innerWidth"));
        assertEquals(scheme, browser.script("return document.documentElement.dataset.scheme"));
        assertEquals(List.of(), complaints());
    }

    /** Text that is cut off, and names at the ends of lines that cover each other. */
    @ParameterizedTest
    @CsvSource({"390, light", "1440, light"})
    void textIsWholeAndNamesOfLinesAreApart(int width, String scheme) {
        browser.look(width, scheme);
        settle();
        Object cut = browser.script("""
                return [...document.querySelectorAll('.drawing svg text')].filter(text => {
                    const box = text.getBoundingClientRect(), around = text.closest('.drawing').getBoundingClientRect();
                    return text.textContent !== '' && (box.left < around.left - 1 || box.right > around.right + 1
                      || box.top < around.top - 1 || box.bottom > around.bottom + 1);
                  }).map(text => text.textContent + ' in ' + text.closest('figure').id)""");
        assertEquals(List.of(), cut);
        Object covered = browser.script("""
                return ['lines', 'curve', 'points', 'differences'].flatMap(id => {
                    const texts = [...document.querySelectorAll('#figure-' + id + ' .drawing svg text')].filter(text => text.textContent.trim());
                    const boxes = texts.map(text => text.getBoundingClientRect());
                    return texts.flatMap((text, i) => texts.slice(0, i).filter((other, j) => boxes[i].left < boxes[j].right - 2
                      && boxes[j].left < boxes[i].right - 2 && boxes[i].top < boxes[j].bottom - 4 && boxes[j].top < boxes[i].bottom - 4)
                      .map(other => text.textContent + ' on ' + other.textContent));
                  })""");
        assertEquals(List.of(), covered);
    }

    @Tag("slow")
    @Test
    void aPictureThatIsLeftOverTakesTheWholeRow() {
        fresh();
        assertEquals(
                "wide",
                String.valueOf(find("#figure-pairs").getAttribute("class")).replace("square ", ""));
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"390, light", "1440, dark"})
    void everybodyCanReadIt(int width, String scheme) throws IOException {
        browser.look(width, scheme);
        settle();
        try (InputStream axe = Objects.requireNonNull(getClass().getResourceAsStream("/axe.min.js"))) {
            browser.script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object violations = browser.driver.executeAsyncScript("""
                const done = arguments[0];
                axe.run({ exclude: [['.drawing > div']] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
                  .then(found => done(found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)
                    + ' ' + node.failureSummary).slice(0, 3).join(' | '))))""");
        assertEquals(List.of(), violations);
    }

    @Tag("slow")
    @Test
    void tablesSortAndFilter() {
        fresh();
        WebElement elements =
                browser.driver.findElement(By.xpath("//div[@id='table-layers']//th/button[text()='elements']"));
        elements.click();
        assertEquals("1 200", texts("#table-layers td:nth-child(4)").get(0));
        elements.sendKeys(Keys.ENTER);
        assertEquals("32", texts("#table-layers td:nth-child(4)").get(0));
        assertEquals(
                "ascending",
                browser.driver
                        .findElement(By.xpath("//div[@id='table-layers']//th[button[text()='elements']]"))
                        .getAttribute("aria-sort"));
        find("#table-layers input[type=search]").sendKeys("LAYERS.1");
        assertEquals(6, texts("#table-layers tbody tr").size());
        assertTrue(find("#table-layers [role=status]").getText().startsWith("6 of"));
    }

    @Tag("slow")
    @Test
    void theSliderSaysWhatARatioWouldTouch() {
        fresh();
        String before = find("#figure-touched p[role=status]").getText();
        assertTrue(before.startsWith("A mask of 50 % of the parameters holds "), before);
        find("#figure-touched input[type=range]").sendKeys(Keys.END);
        assertEquals(
                "A mask of 100 % of the parameters holds 100 % of the sensitivity.",
                find("#figure-touched p[role=status]").getText());
        assertEquals("100 %", find("#figure-touched output").getText());
        new org.openqa.selenium.support.ui.Select(find("#figure-touched select"))
                .selectByVisibleText("Prune the smallest ½Fθ²");
        assertTrue(find("#figure-touched p[role=status]").getText().startsWith("Pruning 50 %"));
    }

    @Tag("slow")
    @Test
    void anAddressLeadsToALayer() {
        browser.script("location.hash = '#layer-stem.weight'");
        settle();
        assertTrue(find("#layers-view [role=status]").getText().startsWith("[16, 3, 3, 3]"));
        find("#layers-view button[aria-label='The layer before']").click();
        assertEquals(
                "#layer-encoder.layers.11.attention.self.projection.weight", browser.script("return location.hash"));
        browser.driver.findElement(By.linkText(Gallery.HOSTILE)).click();
        settle();
        assertTrue(find("#layers-view [role=status]").getText().startsWith("[40, 30]"));
    }

    @Tag("slow")
    @Test
    void keysShowValuesAndZoom() {
        fresh();
        WebElement picture = find("#figure-map .drawing");
        picture.sendKeys(Keys.ARROW_RIGHT);
        assertTrue(picture.getText().contains("rows"), picture.getText());
        Object before = browser.script("return arguments[0].querySelector('svg').innerHTML", picture);
        find("#figure-map button[aria-label^='Zoom in']").click();
        assertNotEquals(before, browser.script("return arguments[0].querySelector('svg').innerHTML", picture));
    }

    @Tag("slow")
    @Test
    void picturesAndTablesCanBeSaved() throws IOException {
        find("#figure-spread button[aria-label^='Save as SVG']").click();
        find("#figure-network button[aria-label^='Save as SVG']").click();
        find("#figure-map button[aria-label^='Save as PNG']").click();
        find("#figure-matrix button[aria-label^='Save as PNG']").click();
        find("#table-layers .tools button").click();
        for (String picture : new String[] {"spread.svg", "network.svg"}) {
            saved(picture);
            assertEquals("svg", xml(folder.resolve("saved").resolve(picture)), picture);
        }
        assertTrue(saved("network.svg").contains("MatMul"));
        assertTrue(saved("map.png").startsWith("\u0089PNG"));
        assertTrue(saved("matrix.png").startsWith("\u0089PNG"));
        String table = saved("layers.csv");
        assertTrue(table.startsWith("layer,role,shape,elements,share,share_2,mean"), table);
        assertTrue(table.contains("\"</script><img src=x onerror=\"\"window.hacked=1\"\">&amp;{{script}}\""), table);
    }

    /** The outermost element of a file that other programs have to read. */
    private static String xml(Path file) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement()
                    .getTagName();
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }

    private static String saved(String name) throws IOException {
        Path file = folder.resolve("saved").resolve(name);
        new FluentWait<>(file)
                .withTimeout(Duration.ofMinutes(2))
                .pollingEvery(Duration.ofMillis(50))
                .until(Files::exists);
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
