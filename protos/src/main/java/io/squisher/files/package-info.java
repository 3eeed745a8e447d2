/**
 * Files as such: atomic replacement, and the words in which unreadable ones are reported.
 *
 * <p>Public API.
 */
package io.squisher.files;
