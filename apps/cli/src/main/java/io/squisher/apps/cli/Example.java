package io.squisher.apps.cli;

/**
 * A command line that a reader can copy.
 *
 * @param purpose what it is for, in a few words
 * @param commandLine the line after {@code squisher}
 */
public record Example(String purpose, String commandLine) {}
