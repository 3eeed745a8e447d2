/**
 * Merging of models that share their parameters into one, tensor by tensor: by average, and weighted by Fishers. What is
 * merged is computed while it is written, so models may be larger than memory.
 *
 * <p>Public API.
 */
package io.squisher.apps.merge;
