/**
 * The command line's frame: finds a command, checks what was given, runs it, and turns failures into one line. {@code option}
 * is what may be given, {@code output} what is said, {@code model} what commands open, {@code command} the commands. Only
 * these packages know Commons CLI. Start at {@code Command}.
 */
package io.squisher.apps.cli;
