/**
 * Settings 1 and 2: models merged by their Fishers, and by uncertainty.
 * Uses {@code setting} alone, and knows no other setting.
 * Start at {@code FisherMerging}.
 */
package io.squisher.examples.reproduce.merging;
