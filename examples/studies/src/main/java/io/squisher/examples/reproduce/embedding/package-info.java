/**
 * Setting 5: which task to transfer from.
 * Uses {@code setting} alone, and knows no other setting.
 * Start at {@code TaskEmbeddings}.
 */
package io.squisher.examples.reproduce.embedding;
