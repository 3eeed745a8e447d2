/**
 * What every setting of the paper has: its parts and points, images, networks, models and diagonals on disk. Knows no setting.
 * Start at {@code Setting}.
 */
package io.squisher.examples.reproduce.setting;
