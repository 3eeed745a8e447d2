/**
 * Start here: the applications over files, one class for each job. {@link io.squisher.apps.Merging},
 * {@link io.squisher.apps.Pruning}, {@link io.squisher.apps.UnitPruning}, {@link io.squisher.apps.Quantizing}, {@link io.squisher.apps.Compressing}, {@link io.squisher.apps.Masking},
 * {@link io.squisher.apps.Resetting},
 * {@link io.squisher.apps.Unlearning}, {@link io.squisher.apps.Embedding}, {@link io.squisher.apps.Consolidating}, {@link io.squisher.apps.Converting} and
 * {@link io.squisher.apps.Transferring} open the files, check everything against
 * everything, write, and close. The packages below do the same on what is open already, and know no file format.
 *
 * <p>Objects of these classes are used by one thread. What they return is immutable. Runs on different objects may go on at the
 * same time, as long as they write different files.
 *
 * <p>Public API.
 */
package io.squisher.apps;
