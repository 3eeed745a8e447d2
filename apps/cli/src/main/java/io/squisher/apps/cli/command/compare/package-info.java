/**
 * {@code compare}: agreement of two diagonals. A family of commands knows the command line's frame, but no other family.
 * Start at {@code CompareCommand}.
 */
package io.squisher.apps.cli.command.compare;
