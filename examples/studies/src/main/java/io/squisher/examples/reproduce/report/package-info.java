/**
 * What runs gave, as tables, a picture, a page and JSON.
 * Uses {@code setting}, {@code running} and the names of {@code experiment}; knows no single setting.
 * Start at {@code Summary}.
 */
package io.squisher.examples.reproduce.report;
