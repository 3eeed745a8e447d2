/**
 * The command line: one class for each command, found through {@link java.util.ServiceLoader}. Only these classes know
 * Commons CLI; each turns a parsed command line into the options record of the library call behind it.
 */
package io.squisher.apps.cli;
