/**
 * What runs gave, as tables, a picture, a page and JSON. Knows no single setting. Start at {@code Summary}.
 */
package io.squisher.examples.reproduce.report;
