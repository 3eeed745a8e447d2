package io.squisher.examples.report;

import io.squisher.files.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Collects headings, paragraphs, tables and pictures, and writes them as one self-contained page. */
public final class HtmlReport {
    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { padding: .3rem .8rem; border-bottom: 1px solid #ddd; text-align: left; }
            td + td { font-variant-numeric: tabular-nums; }
            img { max-width: 100%; height: auto; }
            figure { margin: 1.5rem 0; }
            figcaption { color: #555; font-size: .9rem; }
            pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; }
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();

    public HtmlReport(String title) {
        this.title = title;
        body.append("<h1>").append(escape(title)).append("</h1>\n");
    }

    public HtmlReport heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>\n");
        return this;
    }

    public HtmlReport paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    /** A table, headings first. */
    public HtmlReport table(Table table) {
        body.append("<table>\n<tr>");
        table.headings().forEach(cell -> cell("th", cell));
        body.append("</tr>\n");
        for (List<String> row : table.rows()) {
            body.append("<tr>");
            row.forEach(cell -> cell("td", cell));
            body.append("</tr>\n");
        }
        body.append("</table>\n");
        return this;
    }

    private void cell(String tag, String text) {
        body.append('<').append(tag).append('>').append(escape(text));
        body.append("</").append(tag).append('>');
    }

    /**
     * A picture.
     *
     * @param png its bytes
     * @param caption what it shows; also read out in its place
     */
    public HtmlReport picture(byte[] png, String caption) {
        body.append("<figure><img src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png))
                .append("\" alt=\"")
                .append(escape(caption))
                .append("\"><figcaption>")
                .append(escape(caption))
                .append("</figcaption></figure>\n");
        return this;
    }

    /** Command lines or the like, as they are. */
    public HtmlReport code(String text) {
        body.append("<pre>").append(escape(text)).append("</pre>\n");
        return this;
    }

    /** Writes the page atomically. */
    public void write(Path file) {
        String page = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title>\n<style>\n" + STYLE + "</style></head>\n<body>\n" + body + "</body></html>\n";
        AtomicFile.write(file, page.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
