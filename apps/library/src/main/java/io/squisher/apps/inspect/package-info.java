/**
 * What is in a file of named tensors, for somebody who looks at it.
 *
 * <p>Public API.
 */
package io.squisher.apps.inspect;
