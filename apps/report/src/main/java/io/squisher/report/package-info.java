/**
 * Pages for people: what to show as records ({@code Page}, {@code Section}, and the kinds of {@code Block}), written by
 * {@code PageFile} as one HTML file that needs nothing beside it, and its tables as {@code results.json}. The page's script and
 * style are resources of this package; the data go into the page as JSON, so that no text of a file is ever taken for markup.
 * Knows no application, no format and no command line. Start at {@code Page}.
 */
package io.squisher.report;
