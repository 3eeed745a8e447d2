/**
 * Setting 3: what is left of a network whose least important weights are 0.
 * Uses {@code setting} alone, and knows no other setting.
 * Start at {@code Pruning}.
 */
package io.squisher.examples.reproduce.pruning;
