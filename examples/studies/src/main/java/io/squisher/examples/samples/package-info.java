/**
 * {@code squisher samples}: small files on which every command of the documents can be tried. Start at
 * {@code SamplesCommand}.
 */
package io.squisher.examples.samples;
