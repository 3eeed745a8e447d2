/** Summaries of repeated measurements. */
package io.squisher.examples.statistics;
