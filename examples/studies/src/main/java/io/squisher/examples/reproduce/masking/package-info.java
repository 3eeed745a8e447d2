/**
 * Setting 4: fine-tuning of a few parameters. Knows no other setting. Start at {@code FishMasking}.
 */
package io.squisher.examples.reproduce.masking;
