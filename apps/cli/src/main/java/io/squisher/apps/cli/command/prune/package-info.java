/**
 * {@code prune}: of weights and of units. A family of commands knows the command line's frame, but no other family. Start at
 * {@code PruneCommand}.
 */
package io.squisher.apps.cli.command.prune;
