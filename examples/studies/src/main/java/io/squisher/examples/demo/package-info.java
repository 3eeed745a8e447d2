/**
 * {@code squisher demo}: the whole way on the embedded digits, from training with the hook to merged models, several
 * seeds, a table and a report.
 */
package io.squisher.examples.demo;
