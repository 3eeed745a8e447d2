package io.squisher.report;

import io.squisher.Version;
import io.squisher.files.AtomicFile;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes a {@link Page} as a page, and its numbers beside it. */
public final class PageFile {
    /** Where the schema of {@code results.json} is published. */
    public static final String SCHEMA = "https://squisher.io/schema/results-1.json";

    private static final List<String> SCRIPTS = List.of(
            "words.js",
            "colours.js",
            "table.js",
            "figure.js",
            "charts.js",
            "spread.js",
            "maps.js",
            "network.js",
            "touched.js",
            "page.js");

    private static final Gson COMPACT = new GsonBuilder().serializeNulls().create();
    private static final Gson READABLE = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .create();

    private PageFile() {}

    /**
     * The file with a page's numbers: {@code results.json} beside {@code report.html}, {@code NAME.results.json} beside
     * {@code NAME.html}, so that several pages may stand in a folder.
     */
    public static Path resultsBeside(Path page) {
        String name = page.getFileName().toString().replaceFirst("(?i)\\.html?$", "");
        return page.resolveSibling(name.equals("report") ? "results.json" : name + ".results.json");
    }

    /** Writes the page and its numbers, each atomically, the numbers first. */
    public static void write(Page report, Path page) {
        write(report, page, new JsonObject());
    }

    /**
     * As {@link #write(Page, Path)}, with more members in the file of numbers.
     *
     * @param more members beside those that every such file has, which it must not name
     */
    public static void write(Page report, Path page, JsonObject more) {
        byte[] html = page(report).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(
                resultsBeside(page), READABLE.toJson(results(report, more)).getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(page, html);
    }

    /** What {@code results.json} holds. */
    static JsonObject results(Page report, JsonObject more) {
        JsonObject json = new JsonObject();
        json.addProperty("$schema", SCHEMA);
        json.addProperty("command", report.command());
        json.addProperty("tool_version", Version.text());
        json.addProperty("title", report.title());
        json.addProperty("summary", report.lead());
        json.add("warnings", PageJson.texts(report.warnings()));
        JsonObject tables = new JsonObject();
        report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Table.class::isInstance)
                .map(Table.class::cast)
                .forEach(table -> tables.add(table.id(), table.records()));
        json.add("tables", tables);
        more.entrySet().forEach(member -> {
            if (json.has(member.getKey())) {
                throw new IllegalArgumentException("'" + member.getKey() + "' is a member of every results.json");
            }
            json.add(member.getKey(), member.getValue());
        });
        return json;
    }

    /** The page: the parts of the template with the title and the data between them. */
    static String page(Page report) {
        StringBuilder script = new StringBuilder();
        SCRIPTS.forEach(name -> script.append(resource(name)));
        // In the template's order; what is put in is never searched again.
        return fill(
                resource("page.html"),
                "title",
                escaped(report.title()),
                "style",
                resource("page.css"),
                "data",
                COMPACT.toJson(json(report)),
                "charts",
                resource("echarts.min.js").replace("</script", "<\\/script"),
                "script",
                script.toString());
    }

    private static String fill(String template, String... namesAndTexts) {
        StringBuilder page = new StringBuilder();
        String rest = template;
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            String mark = "{{" + namesAndTexts[i] + "}}";
            int at = rest.indexOf(mark);
            page.append(rest, 0, at).append(namesAndTexts[i + 1]);
            rest = rest.substring(at + mark.length());
        }
        return page.append(rest).toString();
    }

    private static JsonObject json(Page report) {
        JsonObject json = new JsonObject();
        json.addProperty("title", report.title());
        json.addProperty("lead", report.lead());
        json.addProperty("command", report.command());
        json.addProperty("version", Version.text());
        JsonArray headline = new JsonArray();
        report.headline().forEach((name, value) -> headline.add(PageJson.texts(List.of(name, value))));
        json.add("headline", headline);
        json.add("warnings", PageJson.texts(report.warnings()));
        JsonArray sections = new JsonArray();
        for (Section section : report.sections()) {
            JsonObject one = new JsonObject();
            one.addProperty("id", section.id());
            one.addProperty("title", section.title());
            JsonArray blocks = new JsonArray();
            section.blocks().forEach(block -> blocks.add(json(block)));
            one.add("blocks", blocks);
            sections.add(one);
        }
        json.add("sections", sections);
        return json;
    }

    private static JsonObject json(Block block) {
        JsonObject json = block.json();
        json.addProperty("kind", block.kind().toLowerCase(Locale.ROOT));
        return json;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String resource(String name) {
        try (InputStream stream = PageFile.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
