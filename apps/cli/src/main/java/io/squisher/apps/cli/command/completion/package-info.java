/**
 * Completion of command lines by a shell: {@code completion}. The scripts are made of what the commands declare, so that a
 * new option needs nothing here. Start at {@code CompletionCommand}.
 */
package io.squisher.apps.cli.command.completion;
