/**
 * Commands that read training checkpoints: {@code convert} and {@code map}. A family of commands knows the command line's
 * frame, but no other family. Start at {@code ConvertCommand}.
 */
package io.squisher.apps.cli.command.checkpoint;
