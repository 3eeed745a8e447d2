/**
 * Settings 1 and 2: models merged by their Fishers and by uncertainty. Knows no other setting. Start at {@code FisherMerging}.
 */
package io.squisher.examples.reproduce.merging;
