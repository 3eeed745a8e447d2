/**
 * Setting 4: fine-tuning of a few parameters.
 * Uses {@code setting} alone, and knows no other setting.
 * Start at {@code FishMasking}.
 */
package io.squisher.examples.reproduce.masking;
