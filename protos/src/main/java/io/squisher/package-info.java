/**
 * Root of the suite: the one exception type for mistakes that a user can mend.
 *
 * <p>Public API.
 */
package io.squisher;
