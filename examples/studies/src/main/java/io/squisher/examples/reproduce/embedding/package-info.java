/**
 * Setting 5: which task to transfer from. Knows no other setting. Start at {@code TaskEmbeddings}.
 */
package io.squisher.examples.reproduce.embedding;
