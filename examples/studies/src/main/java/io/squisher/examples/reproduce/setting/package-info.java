/**
 * What every setting of the paper has: parts and points, images, networks, models and diagonals on disk.
 * Knows no setting, and no other package of {@code reproduce}.
 * Start at {@code Setting}.
 */
package io.squisher.examples.reproduce.setting;
