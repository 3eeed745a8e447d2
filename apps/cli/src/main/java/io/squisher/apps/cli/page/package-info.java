/**
 * What commands put into pages: diagonals, the graph of a model, agreement, and where a page is written. Knows the report library,
 * options, output and models, and no command. Start at {@code PageOption}.
 */
package io.squisher.apps.cli.page;
