package io.squisher.report;

import java.util.List;

/**
 * Blocks under a heading.
 *
 * @param id the part of the page's address that leads here: lower-case letters and hyphens, unique in the page
 */
public record Section(String id, String title, List<Block> blocks) {
    public Section {
        blocks = List.copyOf(blocks);
    }

    public Section(String id, String title, Block... blocks) {
        this(id, title, List.of(blocks));
    }
}
