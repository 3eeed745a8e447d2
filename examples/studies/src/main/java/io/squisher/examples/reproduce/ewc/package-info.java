/**
 * Setting 6: tasks that are learned one after another.
 * Uses {@code setting} alone, and knows no other setting.
 * Start at {@code Ewc}.
 */
package io.squisher.examples.reproduce.ewc;
