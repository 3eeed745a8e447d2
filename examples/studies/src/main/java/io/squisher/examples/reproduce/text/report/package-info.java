/**
 * The report on texts from the results of units alone: a page, a picture, tables in Markdown, and JSON.
 * Start at {@code TextReport}.
 */
package io.squisher.examples.reproduce.text.report;
