/** Files as such: atomic replacement, and the words in which unreadable ones are reported. */
package io.squisher.files;
