/**
 * Setting 6: tasks that are learned one after another. Knows no other setting. Start at {@code Ewc}.
 */
package io.squisher.examples.reproduce.ewc;
