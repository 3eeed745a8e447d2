/**
 * Commands of sparse fine-tuning: {@code mask}, {@code reset}, {@code delta}, {@code apply}. A family of commands knows the
 * command line's frame, but no other family. Start at {@code MaskCommand}.
 */
package io.squisher.apps.cli.command.mask;
