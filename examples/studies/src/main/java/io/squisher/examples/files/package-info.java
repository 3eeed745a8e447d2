/** Folders that studies make and remove. Knows nothing of what is in them. */
package io.squisher.examples.files;
