/**
 * The Fisher diagonal: what the applications know about sensitivities, and the file that it lives in.
 *
 * <p>Public API.
 */
package io.squisher.fisher;
