/** The commands of {@code docs/applications.md}, run as they stand there. */
package io.squisher.examples.applications;
