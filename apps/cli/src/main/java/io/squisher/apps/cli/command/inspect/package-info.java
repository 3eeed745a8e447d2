/**
 * {@code inspect}: what is in a file. A family of commands knows the command line's frame, but no other family. Start at
 * {@code InspectCommand}.
 */
package io.squisher.apps.cli.command.inspect;
