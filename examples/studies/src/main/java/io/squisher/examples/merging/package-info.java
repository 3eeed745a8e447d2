/** Merging of model files with the applications' library. */
package io.squisher.examples.merging;
